import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The file of this relative path in the folder or in the nearest folder above it that has one. */
export function nearest(path: string, folder: string): string | undefined {
  const candidate = join(folder, path);
  if (existsSync(candidate)) return candidate;
  const above = dirname(folder);
  return above === folder ? undefined : nearest(path, above);
}
