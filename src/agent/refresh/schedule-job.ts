// A module of its own, loaded when first needed: luxon behind node-schedule takes as long to load as the rest of
// the start. Exported by name, because a bundled CommonJS module has no names for import().
export { scheduleJob } from 'node-schedule';
export { checkSchedule } from '../../config/profile/cron.ts';
export { nextRun } from '../../config/profile/next-run.ts';
