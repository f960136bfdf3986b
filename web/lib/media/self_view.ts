/**
 * The one video element of the own camera. It is moved between places (preview, tile) instead of
 * being made anew, so that the picture never blinks.
 */
export class SelfView {
  readonly element: HTMLVideoElement;
  #track: MediaStreamTrack | null = null;
  #leftFrom: DOMRect | null = null;

  constructor() {
    this.element = document.createElement("video");
    this.element.muted = true;
    this.element.playsInline = true;
    this.element.autoplay = true;
    this.element.disablePictureInPicture = true;
    this.element.setAttribute("aria-hidden", "true");
    this.element.className = "h-full w-full object-cover object-[50%_30%]";
  }

  show(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#track = track;
    this.element.srcObject = track ? new MediaStream([track]) : null;
    if (track) void this.element.play().catch(() => undefined);
  }

  /** Puts the element into a place. Where the browser can, it moves without a pause. */
  mount(place: HTMLElement): void {
    if (this.element.parentElement === place) return;
    const movable = place as HTMLElement & { moveBefore?(node: Node, child: Node | null): void };
    if (this.element.isConnected && place.isConnected && movable.moveBefore) {
      movable.moveBefore(this.element, null);
    } else {
      place.append(this.element);
    }
    if (this.#track) void this.element.play().catch(() => undefined);
  }

  /** Remembers where the picture stands on the screen, for the flight to its next place. */
  rememberPlace(): void {
    this.#leftFrom = this.element.parentElement?.getBoundingClientRect() ?? null;
  }

  takeRememberedPlace(): DOMRect | null {
    const rect = this.#leftFrom;
    this.#leftFrom = null;
    return rect;
  }
}
