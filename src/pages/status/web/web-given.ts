/** Gives the Status page its API before it starts: modules run in the order of their imports. */
import { API_NAME } from '../../bridge/api.ts';
import { WebApi } from './web-api.ts';

const notice = document.querySelector<HTMLElement>('#notice') ?? document.createElement('div');
Object.assign(window, { [API_NAME]: new WebApi(notice) });
