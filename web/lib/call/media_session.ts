import type { Device, DtlsParameters, RtpCapabilities, Transport } from "mediasoup-client/types";
import type {
  ConsumerEntry,
  Grants,
  JoinRoomReply,
  Preparation,
  PreparedMedia,
  ProducePayload,
  PublishChoice,
  PublishSettings,
  Source,
  TransportEntry,
  TransportPair,
} from "../protocol/events";
import type { Identity } from "./certificate";
import { type ConsumerHandlers, Consumers } from "./consumers";
import { CallFailure, LOCAL_CODES } from "./errors";
import { type ProduceAppData, Publication, type WantedMedia } from "./publication";
import { rehearse } from "./rehearsal";
import { GUEST_GRANTS } from "./types";

const SEND_WITHIN_MS = 500;
/** With everything prepared: when the first picture is drawn, or then. */
const SEND_PREPARED_WITHIN_MS = 300;
/** What was not prepared: when the first prepared picture is drawn, or then. */
const CONSUME_WITHIN_MS = 150;
/** When the preview has been drawn. */
const REHEARSE_AFTER_MS = 300;

export type Direction = "send" | "recv";

/** What of the server's reply media is made from. */
export type MediaStart = Pick<JoinRoomReply, "transports" | "iceServers" | "publish" | "consumers">;

export interface MediaSessionHandlers extends ConsumerHandlers {
  produce(payload: ProducePayload): void;
  producerPaused(producerId: string, paused: boolean): void;
  publishFailed(source: Source, error: unknown): void;
  transportState(direction: Direction, transportId: string, state: RTCPeerConnectionState): void;
  /** No way was found to a server that might relay. */
  relayFailed(url: string): void;
}

/** Device, transports, producers and consumers of one participant. Knows no socket and no room. */
export class MediaSession {
  readonly #handlers: MediaSessionHandlers;
  readonly #createDevice: () => Device;
  readonly #publications: Record<"microphone" | "camera", Publication>;
  readonly #consumers: Consumers;
  #device: Device | null = null;
  #loadedFor = "";
  #identity: Identity | null = null;
  #send: Transport | null = null;
  #recv: Transport | null = null;
  /** Of the server's reply. */
  #iceServers: readonly RTCIceServer[] = [];
  /** TURN servers with credentials of this page's own. */
  #relays: readonly RTCIceServer[] = [];
  #grants: Grants = GUEST_GRANTS;
  #publish: PublishSettings = {};
  #isPrepared = false;
  /** Of the join, without those that were closed since. */
  #heldBack: readonly ConsumerEntry[] = [];
  #firstPicture: (() => void) | null = null;
  #sendLater: TransportEntry | null = null;
  #sendTimer: ReturnType<typeof setTimeout> | undefined;
  #rehearsal: ReturnType<typeof setTimeout> | undefined;
  #rehearsedWith: Device | null = null;

  constructor(createDevice: () => Device, handlers: MediaSessionHandlers) {
    this.#createDevice = createDevice;
    this.#handlers = handlers;
    this.#consumers = new Consumers(handlers);
    const signals = {
      paused: (producerId: string, paused: boolean) => handlers.producerPaused(producerId, paused),
      failed: (source: Source, error: unknown) => handlers.publishFailed(source, error),
    };
    this.#publications = {
      microphone: new Publication("microphone", signals),
      camera: new Publication("camera", signals),
    };
  }

  get ready(): boolean {
    return this.#device !== null && this.#identity !== null;
  }

  get rtpCapabilities(): RtpCapabilities {
    if (!this.#device) throw new CallFailure(LOCAL_CODES.mediaFailed, "The device is not loaded.");
    return this.#device.recvRtpCapabilities;
  }

  /** The fingerprint both transports will present. */
  get dtlsParameters(): DtlsParameters {
    if (!this.#identity) throw new CallFailure(LOCAL_CODES.mediaFailed, "No certificate yet.");
    return this.#identity.dtlsParameters;
  }

  /** What may be sent, from the next start on. */
  permit(grants: Grants): void {
    this.#grants = grants;
  }

  /** Also by transports that are there already, when their ICE begins anew. */
  useRelays(relays: readonly RTCIceServer[]): void {
    this.#relays = relays;
    for (const transport of [this.#send, this.#recv]) {
      // One that closes meanwhile needs them no more.
      transport?.updateIceServers({ iceServers: this.#allServers }).catch(() => undefined);
    }
  }

  get #allServers(): RTCIceServer[] {
    return [...this.#iceServers, ...this.#relays];
  }

  useIdentity(identity: Identity): void {
    this.#identity = identity;
  }

  /** Loads the device once for each set of router capabilities. */
  async load(routerRtpCapabilities: RtpCapabilities): Promise<void> {
    const key = JSON.stringify(routerRtpCapabilities);
    if (this.#device && this.#loadedFor === key) return;
    const device = this.#createDevice();
    await device.load({ routerRtpCapabilities });
    this.#device = device;
    this.#loadedFor = key;
  }

  /** Where there is nothing to prepare: at least the browser shall be warm. Once per device. */
  rehearse(): void {
    const device = this.#device;
    if (!device || this.#rehearsedWith === device) return;
    this.#rehearsedWith = device;
    clearTimeout(this.#rehearsal);
    this.#rehearsal = setTimeout(() => void rehearse(device), REHEARSE_AFTER_MS);
  }

  /** Sets up receiving before the join: ICE, DTLS and the session description are done by then. */
  async prepare({ transports, iceServers, consumers }: Preparation): Promise<void> {
    if (transports) {
      this.forgetPrepared();
      this.#iceServers = iceServers ?? [];
      this.#recv = this.#createTransport("recv", transports.recv);
      this.#isPrepared = true;
    }
    this.closeAllBut(consumers);
    await this.consume(consumers);
  }

  /** What a join can use at once; null when there is nothing. */
  get prepared(): PreparedMedia | null {
    const recv = this.#recv;
    if (!this.#isPrepared || !recv || recv.closed) return null;
    if (recv.connectionState === "failed" || recv.connectionState === "disconnected") return null;
    return { transportId: recv.id, consumerIds: this.#consumers.ids };
  }

  forgetPrepared(): void {
    if (this.#isPrepared) this.stop();
  }

  /**
   * Builds the transports of the server's reply. Receiving comes first: both want the page's only
   * thread, so sending begins when receiving is set up, or takes too long. Resolves when everything
   * that can be received is set up. `prepared` are those consumers that the join asked to start; on
   * a new transport the server starts all.
   */
  start(
    { transports, iceServers, publish, consumers }: MediaStart,
    prepared: readonly string[] = [],
  ): Promise<void> {
    const { send, recv } = transports;
    this.#iceServers = iceServers;
    if (recv) {
      this.stop();
      this.#recv = this.#createTransport("recv", recv);
      this.markStarted(consumers.map(({ id }) => id));
    } else {
      this.#goOnWithPrepared(consumers);
      this.markStarted(prepared);
    }
    this.#publish = publish;
    this.#sendLater = send;
    const receiving = this.#consumeAtJoin(consumers);
    this.#sendAfter(recv ? SEND_WITHIN_MS : SEND_PREPARED_WITHIN_MS);
    if (recv || consumers.length === 0) {
      void receiving.then(() => {
        if (this.#sendLater === send) this.#sendAfter(0);
      });
    }
    return receiving;
  }

  /**
   * What was not prepared needs a negotiation. Where prepared pictures are on their way, it waits for
   * the first of them: both want the page's only thread.
   */
  async #consumeAtJoin(consumers: readonly ConsumerEntry[]): Promise<void> {
    const awaitsPicture = consumers.some(
      ({ id, kind, producerPaused }) =>
        kind === "video" && !producerPaused && this.#consumers.isStarted(id),
    );
    if (!awaitsPicture) return this.consume(consumers);
    const transport = this.#recv;
    this.#heldBack = consumers;
    await new Promise<void>((resolve) => {
      this.#firstPicture = resolve;
      setTimeout(resolve, CONSUME_WITHIN_MS);
    });
    // A failed transport may have been replaced meanwhile.
    if (this.#recv === transport) await this.consume(this.#heldBack);
  }

  /** The first picture is drawn: nothing holds the camera back any longer. */
  pictureShown(): void {
    this.#firstPicture?.();
    if (this.#sendLater) this.#sendAfter(0);
  }

  #goOnWithPrepared(consumers: readonly ConsumerEntry[]): void {
    this.#isPrepared = false;
    clearTimeout(this.#rehearsal);
    this.closeAllBut(consumers);
    for (const receiver of this.#consumers.receivers) this.#handlers.receiver(receiver);
  }

  #sendAfter(delayMs: number): void {
    clearTimeout(this.#sendTimer);
    this.#sendTimer = setTimeout(() => this.#startSending(), delayMs);
  }

  /** New transports in the place of failed ones, with the settings of the join. */
  restart(transports: TransportPair, consumers: ConsumerEntry[]): void {
    const iceServers = [...this.#iceServers];
    void this.start({ transports, iceServers, publish: this.#publish, consumers });
  }

  /** Sets up what is not yet; resolves when the answer is in place. What failed was told. */
  async consume(entries: readonly ConsumerEntry[]): Promise<void> {
    if (this.#recv) await this.#consumers.add(this.#recv, entries);
  }

  /** Those that are set up and wait for the server to hear of it. */
  get unstarted(): string[] {
    return this.#consumers.unstarted;
  }

  markStarted(consumerIds: readonly string[]): void {
    this.#consumers.markStarted(consumerIds);
  }

  /** The server did not hear of it. */
  unmarkStarted(consumerIds: readonly string[]): void {
    this.#consumers.unmarkStarted(consumerIds);
  }

  /** The track that was set up for a consumer. */
  trackOf(consumerId: string): MediaStreamTrack | null {
    return this.#consumers.trackOf(consumerId);
  }

  closeConsumers(consumerIds: readonly string[]): void {
    this.#heldBack = this.#heldBack.filter(({ id }) => !consumerIds.includes(id));
    this.#consumers.close(consumerIds);
  }

  /** A producer is gone; the server need not say what becomes of its consumers. */
  closeConsumersOf(producerId: string): void {
    this.#consumers.closeOf(producerId);
  }

  /** The server's list is the truth. Returns what was closed. */
  closeAllBut(entries: readonly ConsumerEntry[]): string[] {
    const valid = new Set(entries.map(({ id }) => id));
    this.#heldBack = this.#heldBack.filter(({ id }) => valid.has(id));
    const gone = this.#consumers.wantedIds.filter((id) => !valid.has(id));
    this.closeConsumers(gone);
    return gone;
  }

  /** Of all that are set up, or are being set up. */
  get consumerIds(): string[] {
    return this.#consumers.wantedIds;
  }

  want(source: "microphone" | "camera", wanted: WantedMedia): void {
    this.#publications[source].want(wanted);
  }

  refuseProducer(producerId: string): "microphone" | "camera" | null {
    const publication = this.#publicationOf(producerId);
    publication?.refuse();
    return publication?.source ?? null;
  }

  produceAgain(source: "microphone" | "camera"): void {
    this.#publications[source].retry();
  }

  /** The server has paused it. Says what it is; null where it is not ours. */
  muteProducer(producerId: string): "microphone" | "camera" | null {
    const publication = this.#publicationOf(producerId);
    publication?.mute();
    return publication?.source ?? null;
  }

  #publicationOf(producerId: string): Publication | null {
    const all = Object.values(this.#publications);
    return all.find((publication) => publication.producerId === producerId) ?? null;
  }

  /** With the ids of the own producers that the server has. */
  compareProducers(known: string[]): void {
    for (const publication of Object.values(this.#publications)) publication.compare(known);
  }

  retellPaused(): void {
    for (const publication of Object.values(this.#publications)) publication.retell();
  }

  transport(direction: Direction): Transport | null {
    return direction === "send" ? this.#send : this.#recv;
  }

  owns(transportId: string): boolean {
    return this.#send?.id === transportId || this.#recv?.id === transportId;
  }

  /** Of the transports that there are none is missing in this list. */
  isAmong(transportIds: string[]): boolean {
    return [this.#send, this.#recv].every((one) => !one || transportIds.includes(one.id));
  }

  /** Closes the transports; device and certificate stay for the next start. */
  stop(): void {
    this.#isPrepared = false;
    this.#sendLater = null;
    clearTimeout(this.#rehearsal);
    clearTimeout(this.#sendTimer);
    for (const publication of Object.values(this.#publications)) publication.detach();
    this.#send?.close();
    this.#recv?.close();
    this.#send = null;
    this.#recv = null;
    this.#consumers.forget();
  }

  #startSending(): void {
    const entry = this.#sendLater;
    this.#sendLater = null;
    if (!entry) return;
    const send = this.#createTransport("send", entry);
    this.#send = send;
    const { microphone, camera } = this.#publications;
    if (this.#grants.audio) microphone.attach(send, this.#usable(this.#publish.audio));
    if (this.#grants.video) camera.attach(send, this.#usable(this.#publish.video));
  }

  #createTransport(direction: Direction, entry: TransportEntry): Transport {
    const device = this.#device;
    if (!device) throw new CallFailure(LOCAL_CODES.mediaFailed, "The device is not loaded.");
    const certificate = this.#identity?.certificate;
    const options = {
      ...entry,
      iceServers: this.#allServers,
      ...(certificate ? { additionalSettings: { certificates: [certificate] } } : {}),
    };
    const transport =
      direction === "send"
        ? device.createSendTransport(options)
        : device.createRecvTransport(options);
    // The server has the fingerprint since the join: nothing to ask.
    transport.on("connect", (_parameters, done) => done());
    if (direction === "send") this.#answerProduce(transport);
    transport.on("icecandidateerror", ({ url }) => this.#handlers.relayFailed(url ?? ""));
    transport.on("connectionstatechange", (state) => {
      this.#handlers.transportState(direction, transport.id, state);
    });
    return transport;
  }

  #answerProduce(transport: Transport): void {
    transport.on("produce", ({ kind, rtpParameters, appData }, done) => {
      const { producerId, source, paused } = appData as ProduceAppData;
      done({ id: producerId });
      this.#handlers.produce({
        id: producerId,
        transportId: transport.id,
        kind,
        source,
        rtpParameters,
        paused,
      });
    });
  }

  /** The server's choice, without a codec that this browser cannot send. */
  #usable(choice: PublishChoice | undefined): PublishChoice {
    if (!choice) return {};
    const mimeType = choice.codec?.mimeType.toLowerCase();
    const sendable = this.#device?.sendRtpCapabilities.codecs?.some(
      (codec) => codec.mimeType.toLowerCase() === mimeType,
    );
    const { codec, encodings, codecOptions } = choice;
    return {
      ...(codec && sendable ? { codec } : {}),
      ...(encodings ? { encodings } : {}),
      ...(codecOptions ? { codecOptions } : {}),
    };
  }
}
