import type { DtlsParameters } from "mediasoup-client/types";

/** A DTLS identity that is made while the preview is open, so that the join can carry it. */
export interface Identity {
  certificate: RTCCertificate | null;
  dtlsParameters: DtlsParameters;
}

/** Makes an ECDSA P-256 certificate; throws where the browser has no WebRTC. */
export async function makeIdentity(): Promise<Identity> {
  const certificate = await RTCPeerConnection.generateCertificate({
    name: "ECDSA",
    namedCurve: "P-256",
  } as AlgorithmIdentifier);
  const fingerprints = await fingerprintsOf(certificate);
  return {
    certificate,
    dtlsParameters: { role: "client", fingerprints } as DtlsParameters,
  };
}

async function fingerprintsOf(
  certificate: RTCCertificate,
): Promise<{ algorithm: string; value: string }[]> {
  if (typeof certificate.getFingerprints === "function") {
    const found = certificate
      .getFingerprints()
      .filter((entry) => entry.algorithm !== undefined && entry.value !== undefined)
      .map((entry) => ({
        algorithm: String(entry.algorithm).toLowerCase(),
        value: String(entry.value).toUpperCase(),
      }));
    if (found.length > 0) return found;
  }
  return fingerprintsFromOffer(certificate);
}

/** For browsers without `getFingerprints`: an offer carries the same values. */
async function fingerprintsFromOffer(
  certificate: RTCCertificate,
): Promise<{ algorithm: string; value: string }[]> {
  const connection = new RTCPeerConnection({ certificates: [certificate] });
  try {
    connection.createDataChannel("fingerprint");
    const offer = await connection.createOffer();
    return [...(offer.sdp ?? "").matchAll(/^a=fingerprint:(\S+) (\S+)/gm)]
      .slice(0, 1)
      .map((match) => ({
        algorithm: String(match[1]).toLowerCase(),
        value: String(match[2]).toUpperCase(),
      }));
  } finally {
    connection.close();
  }
}
