import type { ServerEvents } from "../protocol/events";
import type { Identity } from "./certificate";
import { CallFailure, LOCAL_CODES } from "./errors";
import type { MediaSession } from "./media_session";
import type { StateWriter } from "./state_writer";

export interface PreparationParts {
  media: MediaSession;
  writer: StateWriter;
  makeIdentity(): Promise<Identity>;
  /** Certificate or device have come: what waits for both may go on. */
  ready(): void;
  failed(failure: CallFailure): void;
}

/** What a browser has to have before it can join: a certificate, and a device for this server. */
export class Preparation {
  readonly #parts: PreparationParts;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  begin(): void {
    const { media, makeIdentity } = this.#parts;
    makeIdentity().then(
      (identity) => {
        media.useIdentity(identity);
        this.#becomeReady();
      },
      () => this.#fail("This browser has no WebRTC."),
    );
  }

  welcome(welcome: ServerEvents["welcome"]): void {
    const { media, writer } = this.#parts;
    writer.patch({ limits: welcome.limits });
    media.load(welcome.routerRtpCapabilities).then(
      () => this.#becomeReady(),
      () => this.#fail("The browser's media is not supported."),
    );
  }

  #becomeReady(): void {
    const { media, writer, ready } = this.#parts;
    if (media.ready && !writer.state.ready) writer.patch({ ready: true });
    ready();
  }

  #fail(words: string): void {
    this.#parts.failed(new CallFailure(LOCAL_CODES.unsupportedBrowser, words));
  }
}
