/** The page's tiers: who may import whom. Read from the import statements of `src`. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Each file's imports, as it writes them. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** From below to above. A file imports its own tier and those below it. */
const TIERS = ['bindings', 'backend', 'i18n', 'lib', 'parts', 'features', 'app', 'main'] as const;
/** What a feature's rooms (its folders) all may import of it, beside what lies at its top. */
const SHARED_ROOM = 'store';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** What the files of `src` import. */
export function importsOfPage(): Imports {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
  return new Map(files.map((file) => [file, importsIn(readFileSync(join(SRC, file), 'utf8'))]));
}

/** The modules that a file's text names in `import`, `export … from` and `import(…)`. */
export function importsIn(text: string): string[] {
  const forms = [
    /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]/g,
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].map(([, name]) => name ?? ''));
}

/** Every import in a wrong direction, and every circle. */
export function faults(imports: Imports): string[] {
  const found: string[] = [];
  const edges = new Map<string, string[]>();
  for (const [file, names] of imports) {
    edges.set(file, []);
    for (const name of names) {
      const why = name.startsWith('.') ? null : ofPackage(file, name);
      if (why !== null) found.push(`${file} imports ${name}: ${why}`);
      const to = name.startsWith('.') ? resolve(imports, file, name) : null;
      if (to === null) continue;
      edges.get(file)?.push(to);
      const wrong = direction(file, to);
      if (wrong !== null) found.push(`${file} imports ${to}: ${wrong}`);
    }
  }
  return [...found, ...circles(edges)];
}

function ofPackage(file: string, name: string): string | null {
  if (name.startsWith('@tauri-apps/') && tierOf(file) !== 'backend')
    return 'only backend knows Tauri';
  if (name === '$backend' && tierOf(file) !== 'main') return 'only main chooses the backend';
  return null;
}

function direction(file: string, to: string): string | null {
  const [from, above] = [tierOf(file), tierOf(to)];
  if (TIERS.indexOf(above) > TIERS.indexOf(from)) return `${above} is above ${from}`;
  if (from === 'backend' || above !== 'backend') {
    return from === 'features' && above === 'features' ? withinFeatures(file, to) : null;
  }
  return to === 'backend/types.ts' ? null : 'only main takes more of the backend than its types';
}

function withinFeatures(file: string, to: string): string | null {
  const [, feature, ...inside] = file.split('/');
  const [, other, ...there] = to.split('/');
  if (feature !== other) return 'a feature imports no other';
  const room = inside.length > 1 ? inside[0] : null;
  const next = there.length > 1 ? there[0] : null;
  const open = room === null || next === null || room === next || next === SHARED_ROOM;
  return open ? null : `a room imports no other but ${SHARED_ROOM}`;
}

function tierOf(file: string): (typeof TIERS)[number] {
  const name = file.split('/')[0]?.replace(/\.ts$/, '');
  const tier = TIERS.find((each) => each === name);
  if (tier === undefined) throw new Error(`${file} is in no tier`);
  return tier;
}

/** The file that is meant; `null` for what is no code of the page: styles, texts, pictures. */
function resolve(imports: Imports, file: string, name: string): string | null {
  const path = normalize(join(dirname(file), name));
  const found = [path, `${path}.ts`, join(path, 'index.ts')].find((each) => imports.has(each));
  if (found !== undefined) return found;
  if (/\.(css|json|svg)$/.test(name)) return null;
  throw new Error(`${file} imports ${name}, which isn't there`);
}

/** Circles of files, each once, as a walk along them finds it. */
function circles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const walk = (file: string): void => {
    const at = path.indexOf(file);
    if (at !== -1) found.push(`a circle: ${[...path.slice(at), file].join(' → ')}`);
    if (at !== -1 || done.has(file)) return;
    path.push(file);
    for (const to of edges.get(file) ?? []) walk(to);
    path.pop();
    done.add(file);
  };
  for (const file of edges.keys()) walk(file);
  return found;
}
