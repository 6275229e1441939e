/** How a picture is made to fit. */
export const MOST_BYTES = 5 * 1024 * 1024;

/** Longest side and quality, from barely smaller to small; the first that fits is taken. */
const attempts = [
  { side: 4096, quality: 0.9 },
  { side: 3072, quality: 0.85 },
  { side: 2048, quality: 0.85 },
  { side: 1600, quality: 0.75 },
];

/** The picture as a JPEG that fits, or null where this browser cannot read it. */
export async function shrink(file: Blob): Promise<Blob | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  try {
    for (const { side, quality } of attempts) {
      const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(bitmap.width * scale);
      canvas.height = Math.round(bitmap.height * scale);
      const context = canvas.getContext('2d');
      if (!context) return null;
      // JPEG has no transparency: what was clear becomes white, not black.
      context.fillStyle = '#fff';
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
      if (blob && blob.size <= MOST_BYTES) return blob;
    }
    return null;
  } finally {
    bitmap.close();
  }
}
