// What happens to each request of a session, hop by hop, in Electron's order: the navigation's own events
// first (will-navigate, will-redirect), then webRequest.onBeforeRequest. Nothing is blocked but by a listener.
import type { CdpMethod, CdpParams, CdpResult, Protocol } from './cdp.ts';
import { ignoreGone } from './cdp.ts';
import type { StandInWebRequest } from '../session/web-request.ts';

type Paused = Protocol.Fetch.requestPausedPayload;
type ResourceType = Electron.OnBeforeRequestListenerDetails['resourceType'];

/** What the events of a navigation said about a document request. */
export interface GateAnswer {
  verdict: 'proceed' | 'cancel';
  /** Whether the session had a listener when the navigation began, where that was before its request. */
  hadListener?: boolean;
}

/** The events of navigations, as far as they can stop a request. */
export interface NavigationGate {
  documentStarting(paused: Paused): GateAnswer;
  documentRedirecting(paused: Paused): GateAnswer;
  isMainFrame(frameId: string): boolean;
}

/** Where requests come from: a page's session, or a worker's, which has no page. */
export interface RequestSource {
  webRequest: StandInWebRequest;
  navigation: NavigationGate | undefined;
  webContents: { id: number } | undefined;
  frame: (frameId: string) => object | null;
  /** Answers a request of a custom scheme; undefined for all others. */
  custom: (paused: Paused) => Promise<CdpParams<'Fetch.fulfillRequest'>> | undefined;
  /** The address as the product knows it. */
  publicUrl: (url: string) => string;
  send: <M extends CdpMethod>(method: M, params: CdpParams<M>) => Promise<CdpResult<M>>;
}

/** A request with all its redirect hops. */
interface Chain {
  id: number;
  /** Fixed when the request starts, as Electron's HasListener is. */
  shown: boolean;
  initiatorOrigin: string | undefined;
}

const RESOURCE_TYPES: Partial<Record<Protocol.Network.ResourceType, ResourceType>> = {
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  Media: 'media',
  XHR: 'xhr',
  Fetch: 'xhr',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
};

const chains = new Map<string, Chain>();
let lastRequestId = 0;

/** Decides one paused hop, and lets it go on, answers it, or ends it. */
export async function handlePaused(source: RequestSource, paused: Paused): Promise<void> {
  try {
    await decide(source, paused);
  } catch (error) {
    // The page, or the request, has gone in the meantime.
    ignoreGone(error);
  }
}

async function decide(source: RequestSource, paused: Paused): Promise<void> {
  const { requestId } = paused;
  const previous =
    paused.redirectedRequestId === undefined ? undefined : chains.get(paused.redirectedRequestId);
  if (paused.redirectedRequestId !== undefined) chains.delete(paused.redirectedRequestId);

  const gate = passNavigation(source, paused, previous);
  const chain = previous ?? {
    id: ++lastRequestId,
    shown: gate.hadListener ?? source.webRequest._hasListener(),
    initiatorOrigin: originOf(paused.request.headers.Origin ?? paused.request.headers.Referer),
  };
  chains.set(requestId, chain);

  if (gate.verdict === 'cancel') {
    await source.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
    return;
  }
  const answer = chain.shown
    ? await source.webRequest._beforeRequest(await describe(source, paused, chain))
    : {};
  if (answer.cancel === true) {
    await source.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  } else if (answer.redirectURL !== undefined) {
    await source.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: 307,
      responseHeaders: [{ name: 'Location', value: answer.redirectURL }],
    });
  } else {
    const fulfilled = await source.custom(paused);
    if (fulfilled) await source.send('Fetch.fulfillRequest', fulfilled);
    else await source.send('Fetch.continueRequest', { requestId });
  }
}

function passNavigation(source: RequestSource, paused: Paused, previous: Chain | undefined): GateAnswer {
  if (paused.resourceType !== 'Document' || !source.navigation) return { verdict: 'proceed' };
  return previous === undefined
    ? source.navigation.documentStarting(paused)
    : source.navigation.documentRedirecting(paused);
}

async function describe(
  source: RequestSource,
  paused: Paused,
  chain: Chain,
): Promise<Electron.OnBeforeRequestListenerDetails> {
  const { request } = paused;
  const uploadData = await readBody(source, paused);
  // The events' own objects are partial models; the product is only ever given these.
  return {
    id: chain.id,
    url: source.publicUrl(request.url),
    method: request.method,
    resourceType: resourceType(source, paused),
    referrer: request.headers.Referer ?? '',
    timestamp: Date.now(),
    // Electron leaves the property out for a request without a body, whatever its types say.
    ...(uploadData.length > 0 ? { uploadData } : {}),
    ...(source.webContents ? { webContentsId: source.webContents.id, webContents: source.webContents } : {}),
    ...(chain.initiatorOrigin === undefined ? {} : { initiatorOrigin: chain.initiatorOrigin }),
    frame: source.frame(paused.frameId),
  } as unknown as Electron.OnBeforeRequestListenerDetails;
}

async function readBody(
  source: RequestSource,
  { request, networkId }: Paused,
): Promise<Electron.UploadData[]> {
  const entries = (request.postDataEntries ?? []).filter((entry) => entry.bytes !== undefined);
  if (entries.length > 0)
    return entries.map((entry) => ({ bytes: Buffer.from(entry.bytes ?? '', 'base64') }));
  if (request.postData !== undefined) return [{ bytes: Buffer.from(request.postData) }];
  if (request.hasPostData !== true || networkId === undefined) return [];
  // Long bodies are left out of the event.
  const { postData } = await source.send('Network.getRequestPostData', { requestId: networkId });
  return [{ bytes: Buffer.from(postData) }];
}

function resourceType(source: RequestSource, paused: Paused): ResourceType {
  if (paused.resourceType !== 'Document') return RESOURCE_TYPES[paused.resourceType] ?? 'other';
  return source.navigation?.isMainFrame(paused.frameId) === false ? 'subFrame' : 'mainFrame';
}

function originOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}
