/** The Status page as `/` of `tokentray serve` shows it: read-only (web-api.ts). */
import './web-given.ts';
import '../status.ts';
