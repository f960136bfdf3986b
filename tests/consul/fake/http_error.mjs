/** An answer other than 200: Consul's are plain text. */
export class HttpError extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

export const badRequest = (text) => new HttpError(400, text);
export const notFound = (text) => new HttpError(404, text);
