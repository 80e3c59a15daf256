export { errorCode } from '../vault/error-code.ts';
