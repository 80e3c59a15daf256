import type { EVERY_HOURS } from '../../config/profile/profile.ts';
import { say } from '../../words/say.ts';
import type { PageApi } from '../bridge/api.ts';
import type { DraftField, DraftIssue, ScheduleDraft, SchedulePreview } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { choiceOf, Field } from '../elements/field.ts';
import { everyMinute } from '../elements/minute.ts';
import { NextRuns } from './next-runs.ts';
import { ZoneChoice } from './zone-choice.ts';
import { homeZone } from './zones.ts';

type Kind = ScheduleDraft['kind'];
type EveryHours = (typeof EVERY_HOURS)[number];

/** Long enough for a word to be typed, short enough to seem at once. */
const PREVIEW_AFTER_MS = 250;

/** The compiler refuses a number that the settings would refuse, and one that is missing. */
const HOURS = { 1: 1, 2: 2, 3: 3, 4: 4, 6: 6, 8: 8, 12: 12, 24: 24 } as const satisfies {
  readonly [Hours in EveryHours]: Hours;
};

/** What a kind begins with when it is chosen first; examples that most can use as they are. */
const FIRST = { at: '07:00', everyHours: 6, cron: '0 7 * * 1-5' } as const;

type ScheduleIssueField = Extract<DraftField, `schedule.${string}`>;

/** More of one group of radio buttons would take each other's choice away. */
let made = 0;

/** When a profile's token is refreshed by the clock: at a time, every few hours, by a cron line, or not at all. */
export class ScheduleField {
  readonly node: HTMLElement;
  readonly #api: Pick<PageApi, 'schedule.preview'>;
  readonly #onChange: (draft: ScheduleDraft) => void;
  readonly #radios: Readonly<Record<Kind, HTMLInputElement>>;
  readonly #fields: Readonly<Record<ScheduleIssueField, Field>>;
  readonly #at = element('input', {
    type: 'text',
    value: FIRST.at,
    maxlength: '1000',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  readonly #everyHours = choiceOf(Object.values(HOURS).map((hours) => [String(hours), sayHours(hours)]));
  readonly #cron = element('input', {
    type: 'text',
    value: FIRST.cron,
    maxlength: '1000',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  readonly #zone = new ZoneChoice(() => this.#changed('schedule.timeZone'));
  readonly #when = element('div', { class: 'field-pair' });
  readonly #runs = new NextRuns();
  readonly #touched = new Set<DraftField>();
  /** By whoever checks the whole draft, and by the preview. */
  #issues: { given: readonly DraftIssue[]; previewed: readonly DraftIssue[] } = { given: [], previewed: [] };
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the preview that is awaited; an older one is dropped. */
  #asked = 0;
  #nextRun: number | undefined;
  readonly #endMinutes: () => void;

  /** `onChange` is told after each letter and each choice, with what {@link value} is then. */
  constructor(api: Pick<PageApi, 'schedule.preview'>, onChange: (draft: ScheduleDraft) => void) {
    this.#api = api;
    this.#onChange = onChange;
    made += 1;
    const radio = (kind: Kind): HTMLInputElement => {
      const input = element('input', { type: 'radio', name: `schedule-${made}`, value: kind });
      input.addEventListener('change', () => this.#changed());
      return input;
    };
    this.#radios = {
      none: radio('none'),
      at: radio('at'),
      'every-hours': radio('every-hours'),
      cron: radio('cron'),
    };
    this.#zone.input.value = homeZone();
    this.#fields = this.#makeFields();
    this.#when.append(...Object.values(this.#fields).map(({ node }) => node));
    this.node = element(
      'fieldset',
      { class: 'schedule' },
      element('legend', {}, say('settings-page.schedule')),
      element('p', { class: 'help soft' }, say('settings-page.schedule.help')),
      element(
        'div',
        { class: 'radios' },
        radioLabel(this.#radios.none, say('settings-page.schedule.none')),
        radioLabel(this.#radios.at, say('settings-page.schedule.daily')),
        radioLabel(this.#radios['every-hours'], say('settings-page.schedule.hours')),
        radioLabel(this.#radios.cron, say('settings-page.schedule.cron')),
      ),
      this.#when,
      this.#runs.node,
    );
    this.show({ kind: 'none' });
    this.#endMinutes = everyMinute(() => {
      if (this.#nextRun !== undefined && this.#nextRun < Date.now()) this.#askSoon();
    });
  }

  /** What is chosen and typed by now. */
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

  /** Shows another draft, untouched; the same one stays as it is, with whoever is typing in it. */
  show(draft: ScheduleDraft): void {
    if (JSON.stringify(draft) === JSON.stringify(this.value) && this.#radios[draft.kind].checked) return;
    this.#touched.clear();
    this.#issues = { given: [], previewed: [] };
    this.#radios[draft.kind].checked = true;
    if (draft.kind === 'at') this.#at.value = draft.at;
    if (draft.kind === 'every-hours') this.#everyHours.value = String(draft.everyHours);
    if (draft.kind === 'cron') this.#cron.value = draft.cron;
    if (draft.kind !== 'none') this.#zone.input.value = draft.timeZone;
    this.#draw();
    this.#askSoon();
  }

  /** It is not wanted any more: nothing of it goes on by the clock. */
  end(): void {
    clearTimeout(this.#timer);
    this.#endMinutes();
  }

  /** Says what is wrong with it; of a list, what is no part of a schedule is left to others. */
  issues(list: readonly DraftIssue[]): void {
    this.#issues.given = list;
    this.#draw();
  }

  #makeFields(): Readonly<Record<ScheduleIssueField, Field>> {
    const fields = {
      'schedule.at': new Field(
        { label: say('settings-page.schedule.at'), help: say('settings-page.schedule.at.help') },
        this.#at,
      ),
      'schedule.everyHours': new Field(
        { label: say('settings-page.schedule.every'), help: say('settings-page.schedule.every.help') },
        this.#everyHours,
      ),
      'schedule.cron': new Field(
        { label: say('settings-page.schedule.line'), help: say('settings-page.schedule.line.help') },
        this.#cron,
      ),
      'schedule.timeZone': new Field(
        { label: say('settings-page.schedule.zone'), help: say('settings-page.schedule.zone.help') },
        this.#zone.input,
        this.#zone.list,
      ),
    };
    this.#everyHours.value = String(FIRST.everyHours);
    this.#at.addEventListener('input', () => this.#changed('schedule.at'));
    this.#everyHours.addEventListener('change', () => this.#changed('schedule.everyHours'));
    this.#cron.addEventListener('input', () => this.#changed('schedule.cron'));
    return fields;
  }

  #kind(): Kind {
    const kinds = ['at', 'every-hours', 'cron'] as const;
    return kinds.find((kind) => this.#radios[kind].checked) ?? 'none';
  }

  #changed(field?: ScheduleIssueField): void {
    if (field !== undefined) this.#touched.add(field);
    this.#draw();
    this.#askSoon();
    this.#onChange(this.value);
  }

  #draw(): void {
    const kind = this.#kind();
    const isShown: Readonly<Record<ScheduleIssueField, boolean>> = {
      'schedule.at': kind === 'at',
      'schedule.everyHours': kind === 'every-hours',
      'schedule.cron': kind === 'cron',
      'schedule.timeZone': kind !== 'none',
    };
    this.#when.hidden = kind === 'none';
    const previewed = this.#issues.previewed.filter(({ field }) => this.#touched.has(field));
    for (const [name, field] of Object.entries(this.#fields)) {
      field.node.hidden = !isShown[name as ScheduleIssueField];
      const sentences = [...this.#issues.given, ...previewed]
        .filter((issue) => issue.field === name)
        .map(({ sentence }) => sentence);
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
    // The check of the whole draft says it where the main process does not answer.
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

function radioLabel(radio: HTMLInputElement, said: string): HTMLElement {
  return element('label', { class: 'radio' }, radio, said);
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
