/**
 * A bar code over a whole picture: who sends it and which frame it is, as 8 × 3 large black and
 * white cells, so that it survives a strong lossy codec and any scaling. Used by Node, which draws
 * it, and by the page, which reads it.
 *
 * Cells, row by row: marker 10, 4 bits of id, 8 bits of frame number, CRC-8 of both, marker 01.
 */
export const COLUMNS = 8;
export const ROWS = 3;
export const MAX_ID = 15;
export const MAX_FRAMES = 256;

const CELLS = COLUMNS * ROWS;
const CRC_POLYNOMIAL = 0x07;
/** Of each cell only the middle is read: the edges are where a codec smears. */
const READ_SHARE = 0.5;
/** Black and white must be this far apart, of 255. */
const LEAST_CONTRAST = 60;
/** And each cell this near to one of them, as a share of the contrast. */
const LARGEST_DOUBT = 0.3;

/** The 24 cells, 1 for white. */
export function encodeCells(id, frame) {
  if (!(id >= 0 && id <= MAX_ID)) throw new RangeError(`no bar code for id ${id}`);
  if (!(frame >= 0 && frame < MAX_FRAMES)) throw new RangeError(`no bar code for frame ${frame}`);
  return [1, 0, ...bits(id, 4), ...bits(frame, 8), ...bits(crc8(id, frame), 8), 0, 1];
}

/** Reads a grey picture of any size; null when it is no whole and unharmed bar code. */
export function decodeLuma(luma, width, height) {
  const means = cellMeans(luma, width, height);
  const darkest = Math.min(...means);
  const contrast = Math.max(...means) - darkest;
  if (contrast < LEAST_CONTRAST) return null;
  const shares = means.map((mean) => (mean - darkest) / contrast);
  if (shares.some((share) => Math.min(share, 1 - share) > LARGEST_DOUBT)) return null;
  return decodeCells(shares.map((share) => (share > 0.5 ? 1 : 0)));
}

export function decodeCells(cells) {
  const id = number(cells.slice(2, 6));
  const frame = number(cells.slice(6, 14));
  const expected = encodeCells(id, frame);
  return cells.length === CELLS && cells.every((cell, index) => cell === expected[index])
    ? { id, frame }
    : null;
}

function cellMeans(luma, width, height) {
  const means = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const [left, right] = middle(column, width / COLUMNS);
      const [top, bottom] = middle(row, height / ROWS);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += luma[y * width + x];
      }
      means.push(sum / ((right - left) * (bottom - top)));
    }
  }
  return means;
}

function middle(index, size) {
  const margin = (size * (1 - READ_SHARE)) / 2;
  const begin = Math.floor(index * size + margin);
  return [begin, Math.max(begin + 1, Math.floor((index + 1) * size - margin))];
}

function crc8(...bytes) {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 0x80 ? ((crc << 1) ^ CRC_POLYNOMIAL) & 0xff : crc << 1;
    }
  }
  return crc;
}

function bits(value, count) {
  return Array.from({ length: count }, (_, index) => (value >> (count - 1 - index)) & 1);
}

function number(cells) {
  return cells.reduce((value, cell) => value * 2 + cell, 0);
}
