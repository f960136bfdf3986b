// Runs in the page before its own scripts. Gives it drawn pictures: one as the own camera, and one
// for each remote track, which would otherwise stay black since no media flows behind the screens.
(() => {
  const options = window.__screens ?? {};
  /** Enough to start a video. */
  const STILL_AFTER_FRAMES = 4;

  /** A person in soft light before a blurred wall, moving a little. */
  function draw(canvas, seed) {
    const context = canvas.getContext("2d");
    const { width: w, height: h } = canvas;
    const hue = (seed * 67 + 24) % 360;
    const light = [0.62, 0.5, 0.7, 0.56][seed % 4];
    let tick = 0;
    const frame = () => {
      tick += 1;
      if (options.bright) {
        context.fillStyle = "white";
        context.fillRect(0, 0, w, h);
        return;
      }
      const sway = Math.sin(tick / 24 + seed) * w * 0.004;
      const wall = context.createLinearGradient(0, 0, w, h);
      wall.addColorStop(0, `oklch(${light + 0.12} 0.05 ${hue})`);
      wall.addColorStop(1, `oklch(${light - 0.26} 0.06 ${(hue + 50) % 360})`);
      context.fillStyle = wall;
      context.fillRect(0, 0, w, h);
      const glow = context.createRadialGradient(w * 0.18, h * 0.2, 0, w * 0.18, h * 0.2, w * 0.4);
      glow.addColorStop(0, "rgb(255 240 214 / 0.85)");
      glow.addColorStop(1, "rgb(255 240 214 / 0)");
      context.fillStyle = glow;
      context.fillRect(0, 0, w, h);
      context.fillStyle = `oklch(${light - 0.3} 0.05 ${(hue + 80) % 360} / 0.5)`;
      context.fillRect(w * 0.72, h * 0.12, w * 0.2, h * 0.5);
      context.fillStyle = `oklch(0.4 0.09 ${(hue + 190) % 360})`;
      context.beginPath();
      context.ellipse(w / 2 + sway, h * 1.12, w * 0.27, h * 0.42, 0, 0, Math.PI * 2);
      context.fill();
      const skins = ["#8d5a3c", "#e0ac86", "#c68a5f", "#f0c9a8", "#5f3b28"];
      context.fillStyle = skins[seed % skins.length];
      context.fillRect(w / 2 - h * 0.06 + sway, h * 0.58, h * 0.12, h * 0.18);
      context.beginPath();
      context.ellipse(w / 2 + sway, h * 0.46, h * 0.14, h * 0.185, 0, 0, Math.PI * 2);
      context.fill();
      context.fillStyle = ["#22160f", "#3b2417", "#12100f", "#6b4a2b", "#8a8683"][(seed * 3) % 5];
      context.beginPath();
      context.ellipse(w / 2 + sway, h * 0.37, h * 0.155, h * 0.13, 0, Math.PI, Math.PI * 2);
      context.fill();
    };
    frame();
    const timer = setInterval(() => {
      frame();
      if (options.still && tick > STILL_AFTER_FRAMES) clearInterval(timer);
    }, 125);
  }

  const streams = new Map();
  function picture(seed, width = 960, height = 540) {
    const key = `${seed}-${width}x${height}`;
    if (!streams.has(key)) {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      draw(canvas, seed);
      streams.set(key, canvas.captureStream(8));
    }
    return streams.get(key);
  }

  /** A picture made before its tile gets its drawing when it comes into it. */
  const drawn = new WeakSet();
  new MutationObserver(() => {
    for (const video of document.querySelectorAll("[data-participant-id^=person-] video")) {
      if (drawn.has(video)) continue;
      drawn.add(video);
      const { participantId } = video.closest("[data-participant-id]").dataset;
      video.srcObject = picture(Number(participantId.split("-")[1]) + 1);
      void video.play().catch(() => undefined);
    }
  }).observe(document, { childList: true, subtree: true });

  if (options.blockSound) {
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      if (this.tagName === "AUDIO") {
        return Promise.reject(new DOMException("blocked", "NotAllowedError"));
      }
      return play.call(this);
    };
  }

  function speech() {
    const context = new AudioContext();
    const destination = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    const gain = context.createGain();
    gain.gain.value = 0.12;
    tone.connect(gain).connect(destination);
    tone.start();
    return destination.stream.getAudioTracks();
  }

  const devices = navigator.mediaDevices;
  const refuse = { camera: options.camera, microphone: options.microphone };
  devices.getUserMedia = async (constraints) => {
    if (options.pending) return new Promise(() => undefined);
    const wanted = [
      constraints.video && refuse.camera,
      constraints.audio && refuse.microphone,
    ].filter(Boolean);
    if (wanted.length > 0) throw new DOMException("refused for the screens", wanted[0]);
    const phone = window.innerWidth < 600;
    const video = constraints.video
      ? picture(0, phone ? 720 : 960, phone ? 960 : 540)
          .clone()
          .getVideoTracks()
      : [];
    return new MediaStream([...video, ...(constraints.audio ? speech() : [])]);
  };
  const device = (kind, label, id) => ({ kind, label, deviceId: id, groupId: "g" });
  devices.enumerateDevices = async () => [
    ...(refuse.microphone ? [] : [device("audioinput", "Studio Microphone (USB)", "m1")]),
    ...(refuse.microphone ? [] : [device("audioinput", "Built-in Microphone", "m2")]),
    ...(refuse.camera ? [] : [device("videoinput", "FaceTime HD Camera", "c1")]),
    device("audiooutput", "Built-in Speakers", "s1"),
  ];
})();
