import { expect, it } from 'vitest';
import { deceivingLetters } from '../../src/features/inbox/detail/letters';

it.each([
  ['https://\u0430g\u043er\u0430.example', 'аcyrillic оcyrillic'],
  ['https://ag\u03bfra.example', 'οgreek'],
  ['https://\u0251gora.example', 'ɑlatin'],
  ['https://\u5e02\u96c6.example', ''],
  ['https://agora.example/login?x=1', ''],
])('%s deceives by its own letters alone', (link, letters) => {
  const found = deceivingLetters(link).map(({ letter, script }) => letter + script);
  expect(found.join(' ')).toBe(letters);
});
