// Measures the contrast of text and icons on what is really drawn behind them. axe cannot tell where
// a picture shows through glass; a screenshot can.

/** WCAG 2.2: 1.4.3 for text, 1.4.11 for icons. */
const TEXT_NEEDS = 4.5;
const LARGE_TEXT_NEEDS = 3;
const ICON_NEEDS = 3;

/**
 * Everything that is written or drawn inside `selector` and reads worse than it must.
 * @returns {Promise<{ what: string, contrast: number, needs: number }[]>}
 */
export async function unreadable(page, selector) {
  const marks = await page.evaluate(collectMarks, selector);
  const viewport = page.viewportSize();
  await page.evaluate(hideMarks);
  const picture = (await page.screenshot({ scale: "css" })).toString("base64");
  const measured = await page.evaluate(measure, { marks, picture, viewport });
  return measured
    .map((mark) => ({ ...mark, needs: needs(mark) }))
    .filter(({ contrast, needs }) => contrast < needs);
}

function needs({ kind, size, weight }) {
  if (kind === "icon") return ICON_NEEDS;
  const large = size >= 24 || (size >= 18.66 && weight >= 700);
  return large ? LARGE_TEXT_NEEDS : TEXT_NEEDS;
}

/** Runs in the page: where each text and icon stands, and its colour. */
function collectMarks(selector) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  /** What is left of a box where something around it scrolls, or cuts off what stands out. */
  const visiblePart = (element, { left, top, right, bottom }) => {
    const part = { left, top, right, bottom };
    for (let around = element; around; around = around.parentElement) {
      if (getComputedStyle(around).overflowY === "visible") continue;
      const box = around.getBoundingClientRect();
      part.left = Math.max(part.left, box.left);
      part.top = Math.max(part.top, box.top);
      part.right = Math.min(part.right, box.right);
      part.bottom = Math.min(part.bottom, box.bottom);
    }
    return new DOMRect(part.left, part.top, part.right - part.left, part.bottom - part.top);
  };
  const mark = (element, rect, kind, what) => {
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const { x, y, width, height } = visiblePart(element, rect);
    const size = Number.parseFloat(fontSize);
    return { kind, what, rgb: rgb(color), size, weight: Number(fontWeight), x, y, width, height };
  };
  const marks = [];
  for (const root of document.querySelectorAll(selector)) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (!text.data.trim() || !isSeen(text.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      marks.push(mark(text.parentElement, range.getBoundingClientRect(), "text", text.data.trim()));
    }
    for (const icon of root.querySelectorAll("svg")) {
      if (!isSeen(icon)) continue;
      const control = icon.closest("[aria-label]")?.getAttribute("aria-label") ?? "";
      marks.push(mark(icon, icon.getBoundingClientRect(), "icon", `icon of “${control}”`));
    }
  }
  return marks.filter(({ width, height }) => width > 1 && height > 1);
}

/** Runs in the page: leaves only what is behind the text. */
function hideMarks() {
  const sheet = new CSSStyleSheet();
  // Without transitions: a colour that fades out is still there when the picture is taken.
  sheet.replaceSync(
    "* { color: transparent !important; transition: none !important } " +
      "svg { visibility: hidden !important }",
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Runs in the page: each mark with its contrast to the worst point behind it. */
async function measure({ marks, picture, viewport }) {
  const image = Object.assign(new Image(), { src: `data:image/png;base64,${picture}` });
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), viewport);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const linear = (channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = ([red, green, blue]) =>
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const worst = (mark) => {
    const left = Math.max(0, Math.floor(mark.x));
    const top = Math.max(0, Math.floor(mark.y));
    const width = Math.min(viewport.width - left, Math.ceil(mark.width));
    const height = Math.min(viewport.height - top, Math.ceil(mark.height));
    if (width <= 0 || height <= 0) return Number.POSITIVE_INFINITY; // Scrolled out of the picture.
    const { data } = context.getImageData(left, top, width, height);
    let lowest = Number.POSITIVE_INFINITY;
    for (let at = 0; at < data.length; at += 4) {
      lowest = Math.min(lowest, contrast(mark.rgb, [data[at], data[at + 1], data[at + 2]]));
    }
    return lowest;
  };
  return marks.map(({ kind, what, size, weight, ...mark }) => ({
    kind,
    what,
    size,
    weight,
    contrast: Math.round(worst(mark) * 100) / 100,
  }));
}
