import { until } from "../../e2e/support/until.mjs";
import { problem } from "./judge.mjs";
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

  /**
   * @param {import("../strangers/all.mjs").Stranger} stranger
   * @param {{ over: "udp" | "tcp", confabIs: "server" | "client" }} options the way that is taken
   *   where the stranger can, and what confab is in DTLS
   */
  constructor(stranger, { over, confabIs }) {
    this.stranger = stranger;
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
    this.#signaling = await Signaling.connect(origin);
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
    for (const { kind, rtpParameters } of producersOf(offer)) {
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
    for (const consumer of this.#consumersOf((id) => id === other.id)) {
      await until(
        `${this.name} receives the ${consumer.kind} of ${other.name}`,
        async () =>
          problem(await other.#peer.ask("sent", consumer.kind), await this.#received(consumer)),
        DEADLINE,
      );
    }
  }

  /** What came of those whom `isMeant` names is all there, however much it was. */
  async untilWithoutGaps(isMeant) {
    for (const consumer of this.#consumersOf(isMeant)) {
      await until(
        `${this.name} receives ${consumer.kind} without gaps`,
        async () => {
          const received = await this.#received(consumer);
          return problem({ packets: received.packets }, received);
        },
        DEADLINE,
      );
    }
  }

  /** What the server says of the two transports. */
  async transports() {
    return (await this.#signaling.ask("stats")).transports;
  }

  close() {
    this.#peer.close();
    this.#signaling?.close();
  }

  #consumersOf(isMeant) {
    const found = this.#consumers.filter(({ participantId }) => isMeant(participantId));
    if (found.length === 0) throw new Error(`${this.name} has no such consumer`);
    return found;
  }

  #received({ rtpParameters, kind }) {
    return this.#peer.ask("received", rtpParameters.mid, kind);
  }

  /** The stranger hears of the candidates of one kind alone, so that it has no choice. */
  async #createTransport(direction) {
    const transport = await this.#signaling.ask("createWebRtcTransport", { direction });
    const wanted = ({ protocol }) => protocol === this.ways[direction];
    return { ...transport, iceCandidates: transport.iceCandidates.filter(wanted) };
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
