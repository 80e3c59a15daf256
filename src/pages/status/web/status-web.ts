/** The Status page as `/` of `tokentray serve` shows it: it only looks (web-api.ts). */
import './web-given.ts';
import '../status.ts';
