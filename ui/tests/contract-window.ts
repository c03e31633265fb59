/** The contract, asked of the program behind the window that this runs in. */
import { backend } from '../src/backend/tauri';
import type { PageEvent } from '../src/bindings/PageEvent';
import { contract } from './contract';

/** How long a clause may take, in ms. */
const LIMIT = 20_000;

const later = (ms: number): Promise<void> => new Promise((passed) => setTimeout(passed, ms));

const late = (): Promise<never> =>
  later(LIMIT).then(() => {
    throw new Error('it took too long');
  });

/** What isn't kept of it, with why. The window's own page is told nothing any more. */
export async function broken(): Promise<string[]> {
  const told: PageEvent[] = [];
  const faults: string[] = [];
  const fault = (name: string) => (error: unknown) => {
    const said = error instanceof Error ? error.message : JSON.stringify(error);
    faults.push(`${name}: ${said}`);
  };
  const attached = new Promise<void>((begun) => {
    void backend.attach((event) => {
      told.push(event);
      begun();
    });
  });
  await Promise.race([attached, late()]).catch(fault('attach'));
  for (const { name, keeps } of contract.filter(({ long }) => !long))
    await Promise.race([
      keeps({ backend: backend.of('main'), of: backend.of, told, later }),
      late(),
    ]).catch(fault(name));
  return faults;
}
