// Between mediasoup's parameters, which confab speaks, and SDP (RFC 8866, RFC 8829), which
// strangers speak. Just as much of it as one offer and one answer need.

const MID = "urn:ietf:params:rtp-hdrext:sdes:mid";
const TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
const EXTENSIONS = [MID, TRANSPORT_CC];
const FEEDBACK = ["nack", "nack pli", "transport-cc"];
const RTX = /^rtx\/90000$/i;
/** A stream and its repetitions (RFC 5576 §4.2, RFC 4588 §8.7). */
const PAIR = /^FID \d+ (\d+)$/;
const isPair = (group) => PAIR.test(group);
/** RFC 5763 §5: what confab says when it answers, and when it offers. */
const ANSWERED_SETUP = { server: "passive", client: "active" };
const OFFERED_SETUP = { server: "actpass", client: "active" };
const CODECS = {
  audio: { mimeType: "audio/opus", rtpmap: /^opus\/48000\/2$/i, clockRate: 48000, channels: 2 },
  video: { mimeType: "video/VP8", rtpmap: /^VP8\/90000$/i, clockRate: 90000 },
};

/** @returns the lines of the session, and of each medium */
function sectionsOf(sdp) {
  const [session, ...media] = sdp
    .trim()
    .split(/\r?\n(?=m=)/)
    .map((part) => part.split(/\r?\n/));
  return { session, media };
}

/** The values of all lines `a=NAME:VALUE`. */
function values(lines, name) {
  const begin = `a=${name}:`;
  return lines.filter((line) => line.startsWith(begin)).map((line) => line.slice(begin.length));
}

/** What confab must know of the DTLS of whoever wrote this description. */
export function dtlsParametersOf(sdp) {
  const lines = sdp.trim().split(/\r?\n/);
  const fingerprints = values(lines, "fingerprint").map((text) => {
    const [algorithm, value] = text.split(" ");
    return { algorithm: algorithm.toLowerCase(), value: value.toUpperCase() };
  });
  // RFC 5763 §5. Who offers both is told by the answer, which makes it the client.
  const role = { active: "client", passive: "server", actpass: "client" }[
    values(lines, "setup")[0]
  ];
  return { role, fingerprints: fingerprints.slice(0, 1) };
}

/** What the offered media send: arguments of `produce`. */
export function producersOf(offer) {
  return sectionsOf(offer).media.map((lines) => {
    const [ssrc, cname = "stranger"] = values(lines, "ssrc")[0].split(/ (?:cname:)?/);
    const [, rtx] = values(lines, "ssrc-group").find(isPair)?.match(PAIR) ?? [];
    const rtpParameters = {
      mid: midOf(lines),
      codecs: codecsOf(lines),
      headerExtensions: extensionsOf(lines),
      encodings: [{ ssrc: Number(ssrc), ...(rtx && { rtx: { ssrc: Number(rtx) } }) }],
      rtcp: { cname },
    };
    return { kind: kindOf(lines), rtpParameters };
  });
}

/** Accepts what `producersOf` found in the offer. `confabIs`: "server" or "client", of DTLS. */
export function answerTo(offer, transport, { confabIs }) {
  const { media } = sectionsOf(offer);
  const sections = media.map((lines) => {
    const codecs = codecsOf(lines);
    const medium = { kind: kindOf(lines), mid: midOf(lines), codecs };
    return [
      ...mediumLines(transport, ANSWERED_SETUP[confabIs], medium),
      "a=recvonly",
      ...extensionsOf(lines).map(({ id, uri }) => `a=extmap:${id} ${uri}`),
      ...codecs.flatMap(codecLines),
    ];
  });
  return description(transport, media.map(midOf), sections);
}

/** Offers what these consumers (entries of confab's answers to `consume`) send. */
export function offerOf(consumers, transport, { confabIs }) {
  const sections = consumers.map(({ kind, rtpParameters, producerId }) => {
    const { codecs, encodings, headerExtensions, mid, rtcp } = rtpParameters;
    const ssrcs = [encodings[0].ssrc, encodings[0].rtx?.ssrc].filter(Boolean);
    return [
      ...mediumLines(transport, OFFERED_SETUP[confabIs], { kind, mid, codecs }),
      "a=sendonly",
      `a=msid:${producerId} ${producerId}`,
      ...headerExtensions
        .filter(({ uri }) => EXTENSIONS.includes(uri))
        .map(({ id, uri }) => `a=extmap:${id} ${uri}`),
      ...codecs.flatMap(codecLines),
      ...(ssrcs.length > 1 ? [`a=ssrc-group:FID ${ssrcs.join(" ")}`] : []),
      ...ssrcs.map((ssrc) => `a=ssrc:${ssrc} cname:${rtcp.cname}`),
    ];
  });
  return description(
    transport,
    consumers.map(({ rtpParameters }) => rtpParameters.mid),
    sections,
  );
}

function kindOf(lines) {
  return /^m=(\w+)/.exec(lines[0])[1];
}

function midOf(lines) {
  return values(lines, "mid")[0];
}

/** VP8 or Opus, and for VP8 the RTX that the offer has for it (RFC 4588 §8.6). */
function codecsOf(lines) {
  const { rtpmap, ...codec } = CODECS[kindOf(lines)];
  const payloadTypes = (name) =>
    values(lines, "rtpmap")
      .filter((map) => name.test(map.slice(map.indexOf(" ") + 1)))
      .map((map) => Number.parseInt(map, 10));
  const [payloadType] = payloadTypes(rtpmap);
  if (payloadType === undefined) throw new Error(`no ${codec.mimeType} in ${lines.join(" | ")}`);
  const rtcpFeedback = feedbackOf(lines, payloadType);
  const codecs = [{ ...codec, payloadType, parameters: {}, rtcpFeedback }];
  const rtx = payloadTypes(RTX).find((type) =>
    values(lines, "fmtp").includes(`${type} apt=${payloadType}`),
  );
  if (rtx !== undefined) {
    const parameters = { apt: payloadType };
    codecs.push({ mimeType: "video/rtx", clockRate: 90000, payloadType: rtx, parameters });
  }
  return codecs;
}

function feedbackOf(lines, payloadType) {
  return values(lines, "rtcp-fb")
    .map((text) => text.trim().split(" "))
    .filter(([of]) => of === String(payloadType) || of === "*")
    .map(([, type, parameter = ""]) => ({ type, parameter }))
    .filter(({ type, parameter }) => FEEDBACK.includes(`${type} ${parameter}`.trim()));
}

function extensionsOf(lines) {
  return values(lines, "extmap")
    .map((text) => text.split(" "))
    .filter(([, uri]) => EXTENSIONS.includes(uri))
    .map(([id, uri]) => ({ id: Number.parseInt(id, 10), uri }));
}

function codecLines({ mimeType, clockRate, channels, payloadType, parameters, rtcpFeedback = [] }) {
  const name = mimeType.split("/")[1];
  const settings = Object.entries(parameters ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    `a=rtpmap:${payloadType} ${name}/${clockRate}${channels ? `/${channels}` : ""}`,
    ...(settings.length > 0 ? [`a=fmtp:${payloadType} ${settings.join(";")}`] : []),
    ...rtcpFeedback.map(({ type, parameter }) =>
      `a=rtcp-fb:${payloadType} ${type} ${parameter ?? ""}`.trim(),
    ),
  ];
}

/** What is the same for all media of a transport: they are bundled. */
function mediumLines({ iceParameters, iceCandidates, dtlsParameters }, setup, medium) {
  const { kind, mid, codecs } = medium;
  return [
    `m=${kind} 7 UDP/TLS/RTP/SAVPF ${codecs.map(({ payloadType }) => payloadType).join(" ")}`,
    "c=IN IP4 127.0.0.1",
    `a=mid:${mid}`,
    "a=rtcp-mux",
    "a=rtcp-rsize",
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    ...iceCandidates.map(candidateLine),
    "a=end-of-candidates",
    ...dtlsParameters.fingerprints.map(
      ({ algorithm, value }) => `a=fingerprint:${algorithm} ${value}`,
    ),
    `a=setup:${setup}`,
  ];
}

/** RFC 8839 §5.1, RFC 6544 §4.5. */
function candidateLine({ foundation, protocol, priority, ip, port, type, tcpType }) {
  const line = `a=candidate:${foundation} 1 ${protocol} ${priority} ${ip} ${port} typ ${type}`;
  return tcpType ? `${line} tcptype ${tcpType}` : line;
}

function description({ iceParameters }, mids, sections) {
  const session = [
    "v=0",
    "o=confab 1 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    ...(iceParameters.iceLite ? ["a=ice-lite"] : []),
    `a=group:BUNDLE ${mids.join(" ")}`,
    "a=msid-semantic: WMS *",
  ];
  return `${[...session, ...sections.flat()].join("\r\n")}\r\n`;
}
