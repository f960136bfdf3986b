// Between mediasoup's parameters, which confab speaks, and SDP (RFC 8866, RFC 8829), which strangers
// speak. Just as much of it as one offer and one answer need.

const MID = "urn:ietf:params:rtp-hdrext:sdes:mid";
const TRANSPORT_CC =
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
const EXTENSIONS = [MID, TRANSPORT_CC];
/** RFC 5763 §5: what confab says when it answers, and when it offers. */
const ANSWERED_SETUP = { server: "passive", client: "active" };
const OFFERED_SETUP = { server: "actpass", client: "active" };
const CODECS = {
  audio: { mimeType: "audio/opus", rtpmap: /^opus\/48000\/2$/i, clockRate: 48000, channels: 2 },
  video: { mimeType: "video/VP8", rtpmap: /^VP8\/90000$/i, clockRate: 90000 },
};

/** @returns the lines of the session, and of each medium */
function sectionsOf(sdp) {
  const [session, ...media] = sdp.trim().split(/\r?\n(?=m=)/).map((part) => part.split(/\r?\n/));
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
  const role = { active: "client", passive: "server", actpass: "client" }[values(lines, "setup")[0]];
  return { role, fingerprints: fingerprints.slice(0, 1) };
}

/** What an offered medium sends: arguments of `produce`. */
export function producersOf(offer) {
  return sectionsOf(offer).media.map((lines) => {
    const kind = lines[0].slice(2).split(" ")[0];
    const payloadType = payloadTypeOf(lines, kind);
    const [ssrc, cname] = /^(\d+) cname:(.+)$/.exec(values(lines, "ssrc").join("\n"))?.slice(1) ??
      [values(lines, "ssrc")[0].split(" ")[0], "stranger"];
    const { mimeType, clockRate, channels } = CODECS[kind];
    const rtcpFeedback = feedbackOf(lines, payloadType);
    const rtpParameters = {
      mid: values(lines, "mid")[0],
      codecs: [{ mimeType, clockRate, channels, payloadType, parameters: {}, rtcpFeedback }],
      headerExtensions: extensionsOf(lines),
      encodings: [{ ssrc: Number(ssrc) }],
      rtcp: { cname },
    };
    return { kind, rtpParameters };
  });
}

/** Accepts what `producersOf` found in the offer. `confabIs`: "server" or "client", of DTLS. */
export function answerTo(offer, transport, { confabIs }) {
  const { media } = sectionsOf(offer);
  const mids = media.map((lines) => values(lines, "mid")[0]);
  const sections = media.map((lines) => {
    const kind = lines[0].slice(2).split(" ")[0];
    return [
      ...mediumLines(transport, ANSWERED_SETUP[confabIs], { kind, mid: values(lines, "mid")[0] }, [
        payloadTypeOf(lines, kind),
      ]),
      "a=recvonly",
      ...extensionsOf(lines).map(({ id, uri }) => `a=extmap:${id} ${uri}`),
      ...codecLines(kind, {
        payloadType: payloadTypeOf(lines, kind),
        rtcpFeedback: feedbackOf(lines, payloadTypeOf(lines, kind)),
      }),
    ];
  });
  return description(transport, mids, sections);
}

/** Offers what these consumers (entries of confab's answers to `consume`) send. */
export function offerOf(consumers, transport, { confabIs }) {
  const sections = consumers.map(({ kind, rtpParameters, producerId }) => {
    const { codecs, encodings, headerExtensions, mid, rtcp } = rtpParameters;
    const ssrcs = [encodings[0].ssrc, encodings[0].rtx?.ssrc].filter(Boolean);
    return [
      ...mediumLines(transport, OFFERED_SETUP[confabIs], { kind, mid }, codecs.map((c) => c.payloadType)),
      "a=sendonly",
      `a=msid:${producerId} ${producerId}`,
      ...headerExtensions
        .filter(({ uri }) => EXTENSIONS.includes(uri))
        .map(({ id, uri }) => `a=extmap:${id} ${uri}`),
      ...codecs.flatMap((codec) => codecLines(kind, codec)),
      ...(ssrcs.length > 1 ? [`a=ssrc-group:FID ${ssrcs.join(" ")}`] : []),
      ...ssrcs.map((ssrc) => `a=ssrc:${ssrc} cname:${rtcp.cname}`),
    ];
  });
  return description(transport, consumers.map(({ rtpParameters }) => rtpParameters.mid), sections);
}

function payloadTypeOf(lines, kind) {
  const found = values(lines, "rtpmap").find((map) =>
    CODECS[kind].rtpmap.test(map.slice(map.indexOf(" ") + 1)),
  );
  if (!found) throw new Error(`no ${CODECS[kind].mimeType} in ${lines.join(" | ")}`);
  return Number.parseInt(found, 10);
}

/** Without "nack": whoever sends generated packets has none to repeat. */
function feedbackOf(lines, payloadType) {
  return values(lines, "rtcp-fb")
    .map((text) => text.split(" "))
    .filter(([of]) => of === String(payloadType) || of === "*")
    .map(([, type, parameter = ""]) => ({ type, parameter }))
    .filter(({ type, parameter }) => type === "transport-cc" || parameter === "pli");
}

function extensionsOf(lines) {
  return values(lines, "extmap")
    .map((text) => text.split(" "))
    .filter(([, uri]) => EXTENSIONS.includes(uri))
    .map(([id, uri]) => ({ id: Number.parseInt(id, 10), uri }));
}

function codecLines(kind, { mimeType, payloadType, parameters = {}, rtcpFeedback = [] }) {
  const { clockRate, channels } = CODECS[kind];
  const name = (mimeType ?? CODECS[kind].mimeType).split("/")[1];
  const settings = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return [
    `a=rtpmap:${payloadType} ${name}/${clockRate}${channels ? `/${channels}` : ""}`,
    ...(settings.length > 0 ? [`a=fmtp:${payloadType} ${settings.join(";")}`] : []),
    ...rtcpFeedback.map(({ type, parameter }) =>
      `a=rtcp-fb:${payloadType} ${type} ${parameter ?? ""}`.trim(),
    ),
  ];
}

/** What is the same for all media of a transport: they are bundled. */
function mediumLines({ iceParameters, iceCandidates, dtlsParameters }, setup, { kind, mid }, types) {
  return [
    `m=${kind} 7 UDP/TLS/RTP/SAVPF ${types.join(" ")}`,
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
