import { say } from './say.ts';

/** Clock time as people of this machine read it, with the day where it is not today's. */
export function sayTime(at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(undefined, {
    ...(sameDay ? {} : { weekday: 'short' as const }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/**
 * A length of time for sentences, in whole seconds and never rounded up: `12 s`, `90 min`, `59 min 59 s`,
 * `24 h`. Two lengths that differ by a second must not be said alike.
 */
export function sayDuration(milliseconds: number): string {
  const all = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(all / 60);
  const seconds = all % 60;
  if (minutes === 0) return `${seconds} s`;
  if (seconds > 0) return `${minutes} min ${seconds} s`;
  return minutes >= 120 && minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** What is left of a length of time, for whoever reads it this minute: whole minutes, never rounded up. */
export function sayTimeLeft(milliseconds: number): string {
  const all = Math.floor(milliseconds / 60_000);
  if (all < 1) return say('time.under-a-minute');
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  return hours === 0 ? say('time.minutes', { minutes }) : say('time.hours', { hours, minutes });
}
