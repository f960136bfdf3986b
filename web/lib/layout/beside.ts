/** Where something opens beside its button: below, above where that does not fit, never outside. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Size {
  width: number;
  height: number;
}

const GAP = 6;
const MARGIN = 8;

/** Its left upper corner, with its right edge at the button's where there is room. */
export function beside(button: Box, size: Size, window: Size): { left: number; top: number } {
  const below = button.bottom + GAP;
  const fitsBelow = below + size.height <= window.height - MARGIN;
  const top = fitsBelow ? below : button.top - GAP - size.height;
  return {
    left: within(button.right - size.width, window.width - size.width),
    top: within(top, window.height - size.height),
  };
}

/** From the margin to the margin; where that is too little, at the first of them. */
function within(wanted: number, room: number): number {
  return Math.max(MARGIN, Math.min(wanted, room - MARGIN));
}
