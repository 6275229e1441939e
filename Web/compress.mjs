// Beside each built file stand its compressed forms, which the Api hands out (docs/adr/060).
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const assets = join(import.meta.dirname, 'dist/assets');
for (const name of await readdir(assets)) {
  if (!/\.(js|css|svg|json)$/.test(name)) continue;
  const bytes = await readFile(join(assets, name));
  await writeFile(join(assets, `${name}.br`), await promisify(brotliCompress)(bytes));
  await writeFile(join(assets, `${name}.gz`), await promisify(gzip)(bytes, { level: 9 }));
}
