import type { Schedule } from '../../../src/config/profile/profile.ts';

const CAIRO = 'Africa/Cairo';
const LORD_HOWE = 'Australia/Lord_Howe';
const HAVANA = 'America/Havana';

/** What it shows, the schedule, where the search starts, and the next instants: all in UTC, to the minute. */
export type ClockChange = readonly [name: string, schedule: Schedule, from: string, next: readonly string[]];

/** Schedules on days when the clock of their zone is set forward or back, for the timetable and for the preview. */
export const CLOCK_CHANGES: readonly ClockChange[] = [
  // A time that does not exist: the first instant after the gap.
  ...(
    [
      ['midnight in Cairo', '00:00', CAIRO, '2026-04-23T12:00', ['2026-04-23T22:00', '2026-04-24T21:00']],
      [
        'midnight in Santiago',
        '00:00',
        'America/Santiago',
        '2026-09-05T12:00',
        ['2026-09-06T04:00', '2026-09-07T03:00'],
      ],
      [
        '00:10 in Beirut',
        '00:10',
        'Asia/Beirut',
        '2026-03-28T12:00',
        ['2026-03-28T22:00', '2026-03-29T21:10'],
      ],
      ['00:30 in Havana', '00:30', HAVANA, '2026-03-07T12:00', ['2026-03-08T05:00', '2026-03-09T04:30']],
      ['00:30 in the Azores', '00:30', 'Atlantic/Azores', '2026-03-28T12:00', ['2026-03-29T01:00']],
      [
        '02:15 on Lord Howe, half an hour',
        '02:15',
        LORD_HOWE,
        '2026-10-03T12:00',
        ['2026-10-03T15:30', '2026-10-04T15:15'],
      ],
      [
        '01:30 at Troll, two hours',
        '01:30',
        'Antarctica/Troll',
        '2026-03-28T12:00',
        ['2026-03-29T01:00', '2026-03-29T23:30'],
      ],
      [
        '23:30 in Nuuk, up to midnight',
        '23:30',
        'America/Nuuk',
        '2026-03-28T12:00',
        ['2026-03-29T01:00', '2026-03-30T00:30'],
      ],
      [
        '07:00 in Apia, on a day that was left out',
        '07:00',
        'Pacific/Apia',
        '2011-12-29T18:00',
        ['2011-12-30T10:00', '2011-12-30T17:00'],
      ],
      [
        '02:30 in Berlin',
        '02:30',
        'Europe/Berlin',
        '2026-03-28T12:00',
        ['2026-03-29T01:00', '2026-03-30T00:30'],
      ],
      [
        '02:00 in Berlin',
        '02:00',
        'Europe/Berlin',
        '2026-03-28T12:00',
        ['2026-03-29T01:00', '2026-03-30T00:00'],
      ],
      [
        '02:30 in New York',
        '02:30',
        'America/New_York',
        '2026-03-07T12:00',
        ['2026-03-08T07:00', '2026-03-09T06:30'],
      ],
    ] as const
  ).map(([name, at, timeZone, from, next]): ClockChange => [`skips ${name}`, { at, timeZone }, from, next]),
  // A time that occurs twice: the first of the two.
  ...(
    [
      ['23:30 in Cairo', '23:30', CAIRO, '2026-10-29T12:00', ['2026-10-29T20:30', '2026-10-30T21:30']],
      ['00:30 in Havana', '00:30', HAVANA, '2026-10-31T12:00', ['2026-11-01T04:30', '2026-11-02T05:30']],
      ['00:00 in Havana', '00:00', HAVANA, '2026-10-31T12:00', ['2026-11-01T04:00', '2026-11-02T05:00']],
      [
        '01:45 on Lord Howe',
        '01:45',
        LORD_HOWE,
        '2026-04-04T12:00',
        ['2026-04-04T14:45', '2026-04-05T15:15'],
      ],
      [
        '02:30 at Troll, two hours',
        '02:30',
        'Antarctica/Troll',
        '2026-10-24T12:00',
        ['2026-10-25T00:30', '2026-10-26T02:30'],
      ],
      [
        '02:30 in Berlin',
        '02:30',
        'Europe/Berlin',
        '2026-10-24T12:00',
        ['2026-10-25T00:30', '2026-10-26T01:30'],
      ],
      [
        '01:30 in New York, asked between the two',
        '01:30',
        'America/New_York',
        '2026-11-01T06:00',
        ['2026-11-02T06:30'],
      ],
    ] as const
  ).map(([name, at, timeZone, from, next]): ClockChange => [`repeats ${name}`, { at, timeZone }, from, next]),
  // Every N hours and cron lines.
  [
    'skips midnight in Cairo, every 12 hours',
    { everyHours: 12, timeZone: CAIRO },
    '2026-04-23T12:00',
    ['2026-04-23T22:00', '2026-04-24T09:00', '2026-04-24T21:00'],
  ],
  [
    'repeats 23:00 in Cairo, every hour',
    { everyHours: 1, timeZone: CAIRO },
    '2026-10-29T19:30',
    ['2026-10-29T20:00', '2026-10-29T21:00', '2026-10-29T22:00'],
  ],
  [
    'skips midnight in Cairo, every hour of one weekday',
    { cron: '20 * * * FRI', timeZone: CAIRO },
    '2026-04-23T12:00',
    ['2026-04-23T22:20', '2026-04-23T23:20'],
  ],
  [
    'skips midnight in Cairo, on one weekday',
    { cron: '0 0 * * FRI', timeZone: CAIRO },
    '2026-04-23T12:00',
    ['2026-04-23T22:00', '2026-04-30T21:00'],
  ],
  [
    'skips midnight in Havana, once a year',
    { cron: '30 0 8 3 *', timeZone: HAVANA },
    '2026-03-07T12:00',
    ['2026-03-08T05:00', '2027-03-08T05:30'],
  ],
  [
    'skips several times of one line on Lord Howe, which come together',
    { cron: '0,10,20,40 2 * * *', timeZone: LORD_HOWE },
    '2026-10-03T12:00',
    ['2026-10-03T15:30', '2026-10-03T15:40', '2026-10-04T15:00'],
  ],
  [
    'repeats six times of one line in Berlin, asked between the two',
    { cron: '*/10 2 * * *', timeZone: 'Europe/Berlin' },
    '2026-10-25T01:05',
    ['2026-10-26T01:00', '2026-10-26T01:10'],
  ],
  [
    'skips 02:15 on Lord Howe, every hour, which comes an hour later',
    { cron: '15 * * * *', timeZone: LORD_HOWE },
    '2026-10-03T14:00',
    ['2026-10-03T14:45', '2026-10-03T16:15', '2026-10-03T17:15'],
  ],
  [
    'repeats 01:45 on Lord Howe, every hour',
    { cron: '45 * * * *', timeZone: LORD_HOWE },
    '2026-04-04T14:00',
    ['2026-04-04T14:45', '2026-04-04T15:15', '2026-04-04T16:15'],
  ],
  [
    'repeats 01:00 to 01:45 in New York, four times an hour',
    { cron: '*/30 * * * *', timeZone: 'America/New_York' },
    '2026-11-01T05:15',
    ['2026-11-01T05:30', '2026-11-01T06:00', '2026-11-01T06:30', '2026-11-01T07:00'],
  ],
];
