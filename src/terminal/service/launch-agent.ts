import { END_LIMIT_MS } from '../../host/end-profiles.ts';
import { say } from '../../words/say.ts';
import type { ServiceFacts } from './systemd-unit.ts';

/**
 * launchd restarts a job whatever its exit code is, so a start that keeps failing is repeated once a minute. A job
 * that ran for longer is restarted at once.
 */
const THROTTLE_SECONDS = 60;

/** A launchd agent that runs `tokentray serve` (launchd.plist(5)). Not verified on macOS. */
export function launchAgent({ program, environment }: ServiceFacts, label: string): string {
  const variables = Object.entries(environment);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    ...entry('Label', text(label)),
    ...entry('ProgramArguments', '<array>', ...program.map((word) => `  ${text(word)}`), '</array>'),
    ...(variables.length === 0 ? [] : entry('EnvironmentVariables', ...dictionary(variables))),
    ...entry('RunAtLoad', '<true/>'),
    `  <!-- ${say('service.note.successful-exit')} -->`,
    ...entry('KeepAlive', '<dict>', '  <key>SuccessfulExit</key>', '  <false/>', '</dict>'),
    ...entry('ThrottleInterval', `<integer>${THROTTLE_SECONDS}</integer>`),
    ...entry('ExitTimeOut', `<integer>${END_LIMIT_MS / 1000}</integer>`),
    ...entry('ProcessType', text('Background')),
    `  <!-- ${say('service.note.output')} -->`,
    ...entry('StandardOutPath', text('/dev/null')),
    ...entry('StandardErrorPath', text('/dev/null')),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

function entry(key: string, ...value: readonly string[]): readonly string[] {
  return [`<key>${key}</key>`, ...value].map((line) => `  ${line}`);
}

function dictionary(entries: readonly (readonly [string, string])[]): readonly string[] {
  const lines = entries.flatMap(([name, value]) => [`  <key>${escape(name)}</key>`, `  ${text(value)}`]);
  return ['<dict>', ...lines, '</dict>'];
}

function text(value: string): string {
  return `<string>${escape(value)}</string>`;
}

function escape(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
