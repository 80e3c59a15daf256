import type { EVERY_HOURS } from '../../config/profile/profile.ts';
import { say } from '../../words/say.ts';
import type { PageApi } from '../bridge/api.ts';
import type { DraftField, DraftIssue, ScheduleDraft, SchedulePreview } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { choiceOf, Field, textInput } from '../elements/field.ts';
import { everyMinute } from '../elements/minute.ts';
import { NextRuns } from './next-runs.ts';
import { ZoneChoice } from './zone-choice.ts';
import { homeZone } from './zones.ts';

type Kind = ScheduleDraft['kind'];
type EveryHours = (typeof EVERY_HOURS)[number];

/** Long enough to type a word, short enough to seem instant. */
const PREVIEW_AFTER_MS = 250;

/** The compiler rejects numbers that the settings would reject, and missing ones. */
const HOURS = { 1: 1, 2: 2, 3: 3, 4: 4, 6: 6, 8: 8, 12: 12, 24: 24 } as const satisfies {
  readonly [Hours in EveryHours]: Hours;
};

/** Initial values that suit most users. */
const FIRST = { at: '07:00', everyHours: 6, cron: '0 7 * * 1-5' } as const;

const KINDS = {
  none: 'settings-page.schedule.none',
  at: 'settings-page.schedule.daily',
  'every-hours': 'settings-page.schedule.hours',
  cron: 'settings-page.schedule.cron',
} as const satisfies Record<Kind, string>;

type ScheduleIssueField = Extract<DraftField, `schedule.${string}`>;

/** Keeps the radio groups of several forms apart. */
let made = 0;

/** When a profile's token is refreshed: at a time of day, every few hours, by a cron expression, or on no schedule. */
export class ScheduleField {
  readonly node: HTMLElement;
  readonly #api: Pick<PageApi, 'schedule.preview'>;
  readonly #onChange: () => void;
  readonly #radios: ReadonlyMap<Kind, HTMLInputElement>;
  readonly #at = textInput({ value: FIRST.at, maxlength: '1000' });
  readonly #everyHours = choiceOf(Object.values(HOURS).map((hours) => [String(hours), sayHours(hours)]));
  readonly #cron = textInput({ value: FIRST.cron, maxlength: '1000' });
  readonly #zone = new ZoneChoice(() => this.#changed('schedule.timeZone'));
  readonly #fields = this.#makeFields();
  readonly #when = element(
    'div',
    { class: 'field-pair' },
    ...[...this.#fields.values()].map(({ node }) => node),
  );
  readonly #runs = new NextRuns();
  readonly #touched = new Set<DraftField>();
  /** Set by the check of the whole draft, and by the preview. */
  #issues: { given: readonly DraftIssue[]; previewed: readonly DraftIssue[] } = { given: [], previewed: [] };
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The number of the current preview; answers to older ones are dropped. */
  #asked = 0;
  #nextRun: number | undefined;
  readonly #endMinutes: () => void;

  /** `onChange` is called after each letter and each choice. */
  constructor(api: Pick<PageApi, 'schedule.preview'>, onChange: () => void) {
    this.#api = api;
    this.#onChange = onChange;
    made += 1;
    const kinds = Object.keys(KINDS) as readonly Kind[];
    this.#radios = new Map(kinds.map((kind) => [kind, this.#radio(`schedule-${made}`, kind)]));
    this.#zone.input.value = homeZone();
    this.node = element(
      'fieldset',
      { class: 'schedule' },
      element('legend', {}, say('settings-page.schedule')),
      element('p', { class: 'help soft' }, say('settings-page.schedule.help')),
      element(
        'div',
        { class: 'radios' },
        ...[...this.#radios].map(([kind, radio]) =>
          element('label', { class: 'radio' }, radio, say(KINDS[kind])),
        ),
      ),
      this.#when,
      this.#runs.node,
    );
    this.show({ kind: 'none' });
    this.#endMinutes = everyMinute(() => {
      if (this.#nextRun !== undefined && this.#nextRun < Date.now()) this.#askSoon();
    });
  }

  /** The schedule as chosen and typed. */
  get value(): ScheduleDraft {
    const timeZone = this.#zone.input.value.trim();
    const kind = this.#kind();
    switch (kind) {
      case 'none':
        return { kind };
      case 'at':
        return { kind, at: this.#at.value, timeZone };
      case 'every-hours':
        return { kind, everyHours: hoursOf(this.#everyHours.value), timeZone };
      case 'cron':
        return { kind, cron: this.#cron.value, timeZone };
    }
  }

  /** Shows a draft, untouched; if it is already shown, nothing changes for a user who is typing. */
  show(draft: ScheduleDraft): void {
    const radio = this.#radios.get(draft.kind);
    if (radio === undefined || (radio.checked && JSON.stringify(draft) === JSON.stringify(this.value)))
      return;
    this.#touched.clear();
    this.#issues = { given: [], previewed: [] };
    radio.checked = true;
    if (draft.kind === 'at') this.#at.value = draft.at;
    if (draft.kind === 'every-hours') this.#everyHours.value = String(draft.everyHours);
    if (draft.kind === 'cron') this.#cron.value = draft.cron;
    if (draft.kind !== 'none') this.#zone.input.value = draft.timeZone;
    this.#draw();
    this.#askSoon();
  }

  /** Stops the timers of a form that was removed. */
  end(): void {
    clearTimeout(this.#timer);
    this.#endMinutes();
  }

  /** Shows the issues of the list that are about the schedule. */
  issues(list: readonly DraftIssue[]): void {
    this.#issues.given = list;
    this.#draw();
  }

  #radio(group: string, kind: Kind): HTMLInputElement {
    const input = element('input', { type: 'radio', name: group, value: kind });
    input.addEventListener('change', () => this.#changed());
    return input;
  }

  #makeFields(): ReadonlyMap<ScheduleIssueField, Field> {
    this.#everyHours.value = String(FIRST.everyHours);
    this.#at.addEventListener('input', () => this.#changed('schedule.at'));
    this.#everyHours.addEventListener('change', () => this.#changed('schedule.everyHours'));
    this.#cron.addEventListener('input', () => this.#changed('schedule.cron'));
    const at = { label: say('settings-page.schedule.at'), help: say('settings-page.schedule.at.help') };
    const every = {
      label: say('settings-page.schedule.every'),
      help: say('settings-page.schedule.every.help'),
    };
    const cron = { label: say('settings-page.schedule.line'), help: say('settings-page.schedule.line.help') };
    const zone = { label: say('settings-page.schedule.zone'), help: say('settings-page.schedule.zone.help') };
    return new Map<ScheduleIssueField, Field>([
      ['schedule.at', new Field(at, this.#at)],
      ['schedule.everyHours', new Field(every, this.#everyHours)],
      ['schedule.cron', new Field(cron, this.#cron)],
      ['schedule.timeZone', new Field(zone, this.#zone.input, this.#zone.list)],
    ]);
  }

  #kind(): Kind {
    return [...this.#radios].find(([, radio]) => radio.checked)?.[0] ?? 'none';
  }

  #changed(field?: ScheduleIssueField): void {
    if (field !== undefined) this.#touched.add(field);
    this.#draw();
    this.#askSoon();
    this.#onChange();
  }

  #draw(): void {
    const shown = shownFields(this.#kind());
    this.#when.hidden = shown.length === 0;
    const previewed = this.#issues.previewed.filter(({ field }) => this.#touched.has(field));
    const issues = [...this.#issues.given, ...previewed];
    for (const [name, field] of this.#fields) {
      field.node.hidden = !shown.includes(name);
      const sentences = issues.filter((issue) => issue.field === name).map(({ sentence }) => sentence);
      field.problems([...new Set(sentences)]);
    }
  }

  #askSoon(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    const draft = this.value;
    if (draft.kind === 'none') this.#take({ kind: 'comes', at: [] }, '');
    else this.#timer = setTimeout(() => void this.#ask(draft), PREVIEW_AFTER_MS);
  }

  async #ask(draft: Exclude<ScheduleDraft, { kind: 'none' }>): Promise<void> {
    const asked = this.#asked;
    // If the main process does not answer, the check of the whole draft reports it.
    const preview = await this.#api
      ['schedule.preview'](draft)
      .catch((): SchedulePreview => ({ kind: 'comes', at: [] }));
    if (asked === this.#asked) this.#take(preview, draft.timeZone);
  }

  #take(preview: SchedulePreview, timeZone: string): void {
    const at = preview.kind === 'comes' ? preview.at : [];
    this.#issues.previewed = preview.kind === 'refused' ? preview.issues : [];
    this.#nextRun = at[0];
    this.#runs.show(at, timeZone);
    this.#draw();
  }
}

function shownFields(kind: Kind): readonly ScheduleIssueField[] {
  switch (kind) {
    case 'none':
      return [];
    case 'at':
    case 'cron':
      return [`schedule.${kind}`, 'schedule.timeZone'];
    case 'every-hours':
      return ['schedule.everyHours', 'schedule.timeZone'];
  }
}

function sayHours(hours: EveryHours): string {
  return hours === 1
    ? say('settings-page.schedule.every.one')
    : say('settings-page.schedule.every.more', { hours });
}

/** The number that an option of the list stands for. */
function hoursOf(text: string): EveryHours {
  return Object.values(HOURS).find((hours) => String(hours) === text) ?? FIRST.everyHours;
}
