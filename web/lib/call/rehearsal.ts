import type { Device, RtpParameters, Transport } from "mediasoup-client/types";

const KINDS = ["audio", "video"] as const;
type Kind = (typeof KINDS)[number];

/** Well-formed, and of nobody: there are no candidates, so nothing is ever sent. */
const NOWHERE = {
  id: "rehearsal",
  iceParameters: { usernameFragment: "rehearsal", password: "rehearsal-of-a-call-to-nobody" },
  iceCandidates: [],
  dtlsParameters: {
    role: "auto" as const,
    fingerprints: [{ algorithm: "sha-256" as const, value: Array(32).fill("00").join(":") }],
  },
};

/**
 * Sets up receiving from nobody, once, while the preview is open. The first join in a page would
 * otherwise pay for compiling the scripts and for starting the browser's engine. A failure means
 * nothing: the join itself will tell.
 */
export async function rehearse(device: Device): Promise<void> {
  let transport: Transport | null = null;
  try {
    transport = device.createRecvTransport(NOWHERE);
    transport.on("connect", (_parameters, done) => done());
    await Promise.all(KINDS.map((kind) => transport?.consume(part(device, kind))));
  } catch {
    // See above.
  } finally {
    transport?.close();
  }
}

function part(device: Device, kind: Kind) {
  const id = `rehearsal-${kind}`;
  return { id, producerId: id, kind, rtpParameters: parametersFor(device, kind) };
}

function parametersFor(device: Device, kind: Kind): RtpParameters {
  const capability = device.recvRtpCapabilities.codecs?.find((codec) => codec.kind === kind);
  if (!capability) throw new Error(`This browser receives no ${kind}.`);
  const { kind: _kind, preferredPayloadType, ...codec } = capability;
  return {
    mid: kind,
    codecs: [{ ...codec, payloadType: preferredPayloadType ?? 100 }],
    headerExtensions: [],
    encodings: [{ ssrc: kind === "audio" ? 1 : 2 }],
    rtcp: { cname: "rehearsal" },
  };
}
