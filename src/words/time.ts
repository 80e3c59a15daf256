import { say } from './say.ts';

/** Clock time in this machine's locale, with the day unless it is today. */
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
 * A duration in whole seconds, rounded down: `12 s`, `90 min`, `59 min 59 s`, `24 h`. Durations that differ by a second
 * have different texts.
 */
export function sayDuration(milliseconds: number): string {
  const all = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(all / 60);
  const seconds = all % 60;
  if (minutes === 0) return `${seconds} s`;
  if (seconds > 0) return `${minutes} min ${seconds} s`;
  return minutes >= 120 && minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** The time left, in whole minutes rounded down. */
export function sayTimeLeft(milliseconds: number): string {
  const all = Math.floor(milliseconds / 60_000);
  if (all < 1) return say('time.under-a-minute');
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  return hours === 0 ? say('time.minutes', { minutes }) : say('time.hours', { hours, minutes });
}
