/** A model that is at fault: exit code 2 naming protocol, handler, event and state; never a verdict. */

import { describe, expect, test } from 'vitest';
import { pinger } from './files.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();

const PING = 'pinger: handler receive.Ping of n2';
const EVENT = 'event: {"from":"n1","message":{"n":1,"type":"Ping"}';
const STATE = '"count":0';

describe.each(['check', 'simulate'])('%s', (command) => {
  test.each([
    ['a handler that throws', "throw new TypeError('no such thing');", [PING, 'no such thing', EVENT, STATE]],
    ['a handler that counts its calls', 'state.count = ++calls;', [PING, 'is not a function', EVENT, STATE]],
    ['a handler that draws lots', 'state.count = Math.random();', [PING, 'is not a function', EVENT, STATE]],
    ['an asynchronous handler', 'return Promise.resolve() as never;', [PING, 'returned a promise', EVENT, STATE]],
    ['a message that is none', "process.send('n1', { type: 'Ping', n: 'x' as never });", [PING, 'schema', EVENT]],
    ['a Date in a state', 'state.note = new Date(0);', ['pinger', 'receive.Ping', 'state.note is an instance of Date']],
    ['undefined in a state', 'state.note = undefined;', ['pinger', 'receive.Ping', 'state.note is of type undefined']],
    ['a function in a state', 'state.note = () => 1;', ['pinger', 'receive.Ping', 'state.note is of type function']],
    ['a message to nobody', "process.send('n9', { type: 'Ping', n });", ["'n9'"]],
  ])('%s', async (_, receive, says) => {
    workshop.write('model.ts', pinger(receive));
    const { code, stdout, stderr } = await workshop.lockstep(command, 'model.ts');
    expect(stderr).toMatch(/^model error: /);
    for (const text of says) expect(stderr).toContain(text);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test.each([
    ['a property', "properties: [always('bad', () => { throw new Error('oh'); })],", "property 'bad' failed: oh"],
    ['a view', "view: () => { throw new Error('oh'); },", 'view of n1 failed: oh'],
  ])('%s that throws', async (_, extra, says) => {
    workshop.write('model.ts', pinger('state.count += n;', extra));
    const { code, stdout, stderr } = await workshop.lockstep(command, 'model.ts');
    expect(stderr).toContain(says);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('a build that throws', async () => {
    workshop.write(
      'model.ts',
      `import { system } from 'lockstep';
       export default system({ name: 'broken', summary: '', build() { throw new TypeError('no parts'); } });`,
    );
    const { code, stderr } = await workshop.lockstep(command, 'model.ts');
    expect(stderr).toContain("model error: system 'broken': build failed: TypeError: no parts");
    expect(code).toBe(2);
  });

  test('contradictory bounds are refused', async () => {
    workshop.write('model.ts', pinger('state.count += n;', "network: 'set' as const, environment: { losses: 1 },"));
    const { code, stderr } = await workshop.lockstep(command, 'model.ts');
    expect(stderr).toContain('losses and duplications need the bag network');
    expect(code).toBe(2);
  });
});

test('under --json the error is the document', async () => {
  workshop.write('model.ts', pinger("throw new Error('oh');"));
  const { code, stdout } = await workshop.lockstep('check', 'model.ts', '--json');
  expect(JSON.parse(stdout)).toEqual({
    error: { kind: 'model', message: expect.stringContaining(PING), suggestion: null },
  });
  expect(code).toBe(2);
});

test('LOCKSTEP_DEBUG shows where', async () => {
  workshop.write('model.ts', pinger("throw new Error('oh');"));
  const child = workshop.start(['check', 'model.ts'], { LOCKSTEP_DEBUG: '1' });
  let stderr = '';
  child.stderr?.on('data', (text) => (stderr += String(text)));
  await new Promise((resolve) => child.on('close', resolve));
  expect(stderr).toMatch(/^ {4}at /m);
});
