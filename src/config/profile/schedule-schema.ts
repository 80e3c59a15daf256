import * as v from 'valibot';
import { isRecord, objectRule, refusing, rule } from '../rules/checked.ts';
import { EVERY_HOURS, type Schedule } from './profile.ts';

/** A cron line's five fields; node-schedule would also accept six, with seconds, and `@daily`. */
const CRON_LINE = /^\s*[^\s@]+(?:\s+[^\s@]+){4}\s*$/u;
const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/u;

/** The three kinds of schedule, by the key that distinguishes them. */
const KINDS = ['cron', 'at', 'everyHours'] as const;

/** Whether a text has five fields; node-schedule interprets them. */
export function isCronLine(text: string): boolean {
  return CRON_LINE.test(text);
}

/** Whether a text is a time from `00:00` to `23:59`. */
export function isTimeOfDay(text: string): boolean {
  return TIME_OF_DAY.test(text);
}

const timeZone = v.pipe(
  v.string(rule('settings.rule.time-zone')),
  v.nonEmpty(rule('settings.rule.time-zone')),
);

const withZone = objectRule({ timeZone: 'settings.rule.time-zone' });

const schemas = {
  cron: v.object(
    {
      cron: v.pipe(
        v.string(rule('settings.rule.cron.fields')),
        v.check(isCronLine, rule('settings.rule.cron.fields')),
      ),
      timeZone,
    },
    withZone,
  ),
  at: v.object(
    {
      at: v.pipe(v.string(rule('settings.rule.at')), v.check(isTimeOfDay, rule('settings.rule.at'))),
      timeZone,
    },
    withZone,
  ),
  everyHours: v.object(
    { everyHours: v.picklist(EVERY_HOURS, rule('settings.rule.every-hours')), timeZone },
    withZone,
  ),
} satisfies Record<(typeof KINDS)[number], v.GenericSchema<unknown, Schedule>>;

/**
 * The shape of a schedule. `checkSchedule` checks more, but is too slow for the start. The kind is determined by its key
 * first, because the issues of a union would not name a field.
 */
export const scheduleSchema = v.lazy((input): v.GenericSchema<unknown, Schedule> => {
  if (!isRecord(input)) return refusing('settings.rule.schedule', input);
  const written = KINDS.filter((kind) => input[kind] !== undefined && input[kind] !== null);
  const [kind, second] = written;
  if (kind === undefined) return refusing('settings.rule.schedule', Object.keys(input).join(' '));
  return second === undefined ? schemas[kind] : refusing('settings.rule.schedule', written.join(' '));
});
