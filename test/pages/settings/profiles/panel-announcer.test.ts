import { expect, test, vi } from 'vitest';
import { panelAnnouncer } from '../../../../src/pages/settings/profiles/panel-announcer.ts';

test('adds the profile’s name while another one is shown, and does not clear announcements there', () => {
  const all = { say: vi.fn(), fail: vi.fn(), clear: vi.fn() };
  let away: string | undefined;
  const announcer = panelAnnouncer(all, () => away);
  announcer.say('Saved.');
  expect(all.say).toHaveBeenLastCalledWith('Saved.');
  away = 'Work\u202e';
  announcer.say('Saved.');
  expect(all.say).toHaveBeenLastCalledWith('\u2068Work\u2069: Saved.');
  const problem = { message: 'Disk full.', next: 'Make room.' };
  announcer.fail('The profile was not saved', problem);
  expect(all.fail).toHaveBeenCalledWith('\u2068Work\u2069: The profile was not saved', problem);
  announcer.clear();
  expect(all.clear).not.toHaveBeenCalled();
  away = undefined;
  announcer.clear();
  expect(all.clear).toHaveBeenCalledOnce();
});
