// A module of its own, to be loaded when it is first needed: luxon behind node-schedule weighs as much as
// the rest of the start together. Named here, because a bundled CommonJS module has no names to import().
export { scheduleJob } from 'node-schedule';
