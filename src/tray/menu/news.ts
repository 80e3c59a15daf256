/** Long enough to be read in the menu, short enough not to be mistaken for the state. */
const NEWS_MS = 8_000;

/** A sentence shown for a moment: “Copied, good until 15:10”, or how the last action failed. */
export interface News {
  readonly sentence: string;
  /** The ID of the profile it is about. */
  readonly profile: string | undefined;
}

/** The news that the menu shows now. */
export class MenuNews {
  readonly #onChange: () => void;
  #current: News | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get current(): News | undefined {
    return this.#current;
  }

  /** Shows the news for a few seconds, in place of any other. */
  show(news: News): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#set(undefined), NEWS_MS);
    this.#set(news);
  }

  #set(news: News | undefined): void {
    this.#current = news;
    this.#onChange();
  }
}
