const NUMBER = '(-?\\d{1,3}(?:\\.\\d+)?)';

/** As maps write them: "35.6812, 139.7671", or somewhere in the address of a map. */
const patterns = [
  new RegExp(`^\\s*${NUMBER}\\s*[,、\\s]\\s*${NUMBER}\\s*$`),
  new RegExp(`!3d${NUMBER}!4d${NUMBER}`),
  new RegExp(`@${NUMBER},${NUMBER}`),
  new RegExp(`[?&](?:q|query|ll|center)=${NUMBER}(?:,|%2C)${NUMBER}`, 'i'),
  new RegExp(`mlat=${NUMBER}&mlon=${NUMBER}`),
  new RegExp(`#map=\\d+/${NUMBER}/${NUMBER}`),
];

/** The place that is meant, or null where it is none on Earth. */
export function coordinatesIn(text: string): { latitude: number; longitude: number } | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (!found) continue;
    const [latitude, longitude] = [Number(found[1]), Number(found[2])];
    return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
  }
  return null;
}
