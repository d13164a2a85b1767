import { describe, expect, test } from 'vitest';
import { resourceManager, soundRules, transactionManager } from '../../../model/two-phase-commit/two-phase-commit.ts';
import { Driven } from '../driven.ts';

const tm = () => new Driven(transactionManager(['rm1', 'rm2'], soundRules), 'tm');
const rm = () => new Driven(resourceManager('tm', soundRules), 'rm1');

const prepared = { type: 'Prepared' };

describe('TwoPhase.tla, the transaction manager', () => {
  test('TMAbort is enabled from the beginning, TMCommit is not', () => {
    expect(tm().timers).toEqual(['abort']);
  });

  test('TMCommit is enabled when every RM is prepared, not before', () => {
    const manager = tm();
    manager.receive('rm1', prepared);
    expect(manager.timers).toEqual(['abort']);
    manager.receive('rm1', prepared);
    expect(manager.timers).toEqual(['abort']);
    manager.receive('rm2', prepared);
    expect(manager.timers).toEqual(['abort', 'commit']);
  });

  test('TMCommit tells every RM, and rules out TMAbort', () => {
    const manager = tm();
    manager.receive('rm1', prepared);
    manager.receive('rm2', prepared);
    expect(manager.fire('commit')).toEqual(['rm1 <- Commit', 'rm2 <- Commit']);
    expect(manager.timers).toEqual([]);
  });

  test('TMAbort tells every RM, and rules out TMCommit, also when the last one is prepared only then', () => {
    const manager = tm();
    manager.receive('rm1', prepared);
    expect(manager.fire('abort')).toEqual(['rm1 <- Abort', 'rm2 <- Abort']);
    manager.receive('rm2', prepared);
    expect(manager.timers).toEqual([]);
    expect(manager.state.phase).toBe('aborted');
  });
});

describe('TwoPhase.tla, a resource manager', () => {
  test('RMPrepare tells the TM, and rules out RMChooseToAbort', () => {
    const manager = rm();
    expect(manager.timers).toEqual(['abort', 'prepare']);
    expect(manager.fire('prepare')).toEqual(['tm <- Prepared']);
    expect(manager.timers).toEqual([]);
  });

  test('RMChooseToAbort tells nobody', () => {
    const manager = rm();
    expect(manager.fire('abort')).toEqual(['! aborted']);
    expect(manager.timers).toEqual([]);
  });

  test('RMRcvCommitMsg and RMRcvAbortMsg do what the TM says, once', () => {
    const committing = rm();
    committing.fire('prepare');
    expect(committing.receive('tm', { type: 'Commit' })).toEqual(['! committed']);
    expect(committing.receive('tm', { type: 'Commit' })).toEqual([]);
    const aborting = rm();
    expect(aborting.receive('tm', { type: 'Abort' })).toEqual(['! aborted']);
    expect(aborting.timers).toEqual([]);
  });
});

describe('"Consensus on Transaction Commit", section 3: what is in the log survives', () => {
  test('a TM that recovers undecided may only abort until it hears from all RMs again', () => {
    const manager = tm();
    manager.receive('rm1', prepared);
    expect(manager.crashAndRecover()).toEqual([]);
    manager.receive('rm2', prepared);
    expect(manager.timers).toEqual(['abort']);
    manager.receive('rm1', prepared);
    expect(manager.timers).toEqual(['abort', 'commit']);
  });

  test('a TM that recovers decided repeats its decision', () => {
    const manager = tm();
    manager.fire('abort');
    expect(manager.crashAndRecover()).toEqual(['rm1 <- Abort', 'rm2 <- Abort']);
    expect(manager.timers).toEqual([]);
  });

  test('an RM that recovers prepared says so again, and may not abort', () => {
    const manager = rm();
    manager.fire('prepare');
    expect(manager.crashAndRecover()).toEqual(['tm <- Prepared']);
    expect(manager.timers).toEqual([]);
  });

  test('an RM that recovers working is as new', () => {
    const manager = rm();
    expect(manager.crashAndRecover()).toEqual([]);
    expect(manager.timers).toEqual(['abort', 'prepare']);
  });
});
