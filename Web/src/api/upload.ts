import { reportSignedOut } from './client';
import { problemFrom } from './problem';
import type { UploadedMedia } from './types';

/** Where a file is shown from, under the id that its upload was given. */
export const mediaUrl = (mediaId: string) => `/api/v1/media/${mediaId}`;

/** Where it is saved from, under the name that it has in this message: others may have sent the same bytes by other names. */
export const savedAs = (url: string, name: string) => `${url}?name=${encodeURIComponent(name)}`;

/** Uploads one file. XMLHttpRequest, because fetch reports no progress of what it sends. */
export function uploadMedia(
  file: Blob,
  { kind, name }: { kind: string; name: string },
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<UploadedMedia> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    // Film or only sound, and which document it is, the server tells by the content.
    const query = new URLSearchParams({ name });
    if (['image', 'sticker', 'voice'].includes(kind)) query.set('as', kind);
    request.open('POST', `/api/v1/media?${query}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-Threadkeep', 'console');
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status === 201 || request.status === 200) {
        resolve(request.response as UploadedMedia);
        return;
      }
      const problem = problemFrom(request.status, request.response, request.getResponseHeader('Retry-After'));
      if (problem.code === 'not_signed_in') reportSignedOut();
      reject(problem);
    };
    request.onerror = () => reject(new TypeError('no answer'));
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
