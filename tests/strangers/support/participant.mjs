import { until } from "../../e2e/support/until.mjs";
import { problem } from "./judge.mjs";
import { LossyPath } from "./lossy_path.mjs";
import { PeerProcess } from "./peer_process.mjs";
import { answerTo, dtlsParametersOf, offerOf, producersOf } from "./sdp.mjs";
import { Signaling } from "./signaling.mjs";

const DEADLINE = { deadlineMs: 20_000 };

/** A stranger in a room: sends a microphone and a camera, and receives all that others send. */
export class Participant {
  #signaling;
  #capabilities;
  #peer;
  #consumers = [];
  #paths = { send: null, recv: null };

  /**
   * @param {import("../strangers/all.mjs").Stranger} stranger
   * @param {{ over: "udp" | "tcp", confabIs: "server" | "client", loses?: boolean }} options the
   *   way that is taken where the stranger can, what confab is in DTLS, and whether packets are
   *   lost on the way where they can be repeated
   */
  constructor(stranger, { over, confabIs, loses = false }) {
    this.stranger = stranger;
    this.loses = loses && stranger.rtx;
    this.confabIs = confabIs;
    this.ways = {
      send: stranger.sends[over] ? over : "udp",
      recv: stranger.receives[over] ? over : "udp",
    };
    this.#peer = new PeerProcess(stranger.name);
  }

  get name() {
    return this.stranger.name;
  }

  /** Joins, and offers microphone and camera. */
  async join(origin, room) {
    this.#signaling = await Signaling.connect(origin, room);
    this.#capabilities = await this.#signaling.ask("getRouterRtpCapabilities");
    const { participantId } = await this.#signaling.ask("joinRoom", { room, name: this.name });
    this.id = participantId;
    await this.#publish();
  }

  async #publish() {
    const transport = await this.#createTransport("send");
    const offer = await this.#peer.ask("openSender", this.name);
    const { fingerprints } = dtlsParametersOf(offer);
    const role = this.confabIs === "server" ? "client" : "server";
    await this.#connect(transport, { role, fingerprints });
    const producers = producersOf(offer);
    this.#paths.send?.lose(videoTypes(producers));
    for (const { kind, rtpParameters } of producers) {
      await this.#signaling.ask("produce", { transportId: transport.id, kind, rtpParameters });
    }
    await this.#peer.ask("accept", answerTo(offer, transport, { confabIs: this.confabIs }));
    await this.#untilConnected("send");
  }

  /** Consumes what all others produce by now. */
  async receive() {
    const transport = await this.#createTransport("recv");
    for (const { producerId } of await this.#signaling.ask("getProducers")) {
      const wanted = { transportId: transport.id, producerId, paused: false };
      const rtpCapabilities = this.#capabilities;
      this.#consumers.push(await this.#signaling.ask("consume", { ...wanted, rtpCapabilities }));
    }
    this.#paths.recv?.lose(videoTypes(this.#consumers));
    const offer = offerOf(this.#consumers, transport, { confabIs: this.confabIs });
    const answer = await this.#peer.ask("openReceiver", offer);
    await this.#connect(transport, dtlsParametersOf(answer));
    await this.#untilConnected("recv");
  }

  /** Sends a second of sound and picture. */
  play() {
    return this.#peer.ask("play");
  }

  /** Every packet of another's microphone and camera has come, as it was sent. */
  async untilAllHasComeOf(other) {
    await this.#untilAllHasCome(
      (id) => id === other.id,
      ({ kind }) => other.#peer.ask("sent", kind),
    );
  }

  /** What came of those whom `isMeant` names has no gap, however much it was. */
  async untilWithoutGaps(isMeant) {
    await this.#untilAllHasCome(isMeant, (_, { packets }) => ({ packets }));
  }

  async #untilAllHasCome(isMeant, sentOf) {
    const consumers = this.#consumers.filter(({ participantId }) => isMeant(participantId));
    if (consumers.length === 0) throw new Error(`${this.name} has no such consumer`);
    for (const consumer of consumers) {
      const { kind, rtpParameters } = consumer;
      const options = { repaired: this.loses && kind === "video" };
      const check = async () => {
        const received = await this.#peer.ask("received", rtpParameters.mid, kind, options);
        return problem(await sentOf(consumer, received), received, options);
      };
      await until(`all ${kind} comes to ${this.name}`, check, DEADLINE);
    }
  }

  /** How many packets its lossy paths have lost. */
  get lost() {
    return { send: this.#paths.send?.lost ?? 0, recv: this.#paths.recv?.lost ?? 0 };
  }

  /** What the server says of the two transports. */
  async transports() {
    return (await this.#signaling.ask("stats")).transports;
  }

  close() {
    this.#peer.close();
    this.#signaling?.close();
    for (const path of Object.values(this.#paths)) path?.close();
  }

  /** The stranger hears of the candidates of one kind alone, so that it has no choice. */
  async #createTransport(direction) {
    const transport = await this.#signaling.ask("createWebRtcTransport", { direction });
    const wanted = ({ protocol }) => protocol === this.ways[direction];
    const iceCandidates = transport.iceCandidates.filter(wanted);
    if (!this.loses) return { ...transport, iceCandidates };
    this.#paths[direction] = await LossyPath.open(
      iceCandidates.find(({ ip }) => !ip.includes(":")),
    );
    return { ...transport, iceCandidates: [this.#paths[direction].candidate] };
  }

  #connect({ id }, dtlsParameters) {
    return this.#signaling.ask("connectTransport", { transportId: id, dtlsParameters });
  }

  #untilConnected(direction) {
    return until(
      `${this.name} connects its ${direction} transport`,
      async () => ((await this.#peer.ask("isConnected", direction)) ? null : "it is still at it"),
      DEADLINE,
    );
  }
}

/** The payload types of picture itself, not of its repetitions. */
function videoTypes(streams) {
  const video = streams.filter(({ kind }) => kind === "video");
  return video.map(({ rtpParameters }) => rtpParameters.codecs[0].payloadType);
}
