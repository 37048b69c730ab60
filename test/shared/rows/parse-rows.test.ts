import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { parseRows, type RowMapping } from '../../../shared/rows/parse-rows.ts'
import { propertyRuns } from '../../property-runs.ts'

const withParameters = (...parameters: string[]): RowMapping => ({ parameters, toInput: (row) => row })

const batches: readonly { claim: string; parameters: string[]; rows: unknown[][] }[] = [
  { claim: 'zero rows', parameters: ['name'], rows: [] },
  { claim: 'no argument', parameters: [], rows: [[0], [1]] },
  { claim: 'an absent optional argument', parameters: ['name?'], rows: [[0], [1]] },
  {
    claim: 'one argument, NULL among them',
    parameters: ['name?'],
    rows: [
      [0, 'Alice'],
      [1, null],
    ],
  },
  { claim: 'several arguments', parameters: ['target', 'request'], rows: [[0, 'graph', { path: '/status' }]] },
]

for (const { claim, parameters, rows } of batches) {
  test(`a batch with ${claim} is read unchanged`, () => {
    assert.deepEqual(parseRows({ data: rows }, withParameters(...parameters)), rows)
  })
}

const list = 'The body must be an object with a list of rows: {"data":[[0,"Alice"]]}.'
const rejections: readonly { claim: string; parameters?: string[]; batch: unknown; detail: string }[] = [
  { claim: 'null', batch: null, detail: list },
  { claim: 'a list', batch: [[0, 'Alice']], detail: list },
  { claim: 'a text', batch: 'data', detail: list },
  { claim: 'no data', batch: { name: 'Alice' }, detail: list },
  { claim: 'data that is not a list', batch: { data: { 0: 'Alice' } }, detail: list },
  { claim: 'a row that is an object', batch: { data: [[0, 'a'], { 0: 1 }] }, detail: 'Row 1 is not a list.' },
  { claim: 'a row that is null', batch: { data: [null] }, detail: 'Row 0 is not a list.' },
  { claim: 'an empty row', batch: { data: [[]] }, detail: 'Row 0 does not begin with its number.' },
  {
    claim: 'a row without number',
    batch: { data: [[0, 'a'], ['b']] },
    detail: 'Row 1 does not begin with its number.',
  },
  { claim: 'a number as text', batch: { data: [['0', 'a']] }, detail: 'Row 0 does not begin with its number.' },
  { claim: 'a broken number', batch: { data: [[0.5, 'a']] }, detail: 'Row 0 does not begin with its number.' },
  {
    claim: 'a number twice',
    batch: {
      data: [
        [0, 'a'],
        [1, 'b'],
        [1, 'c'],
      ],
    },
    detail: 'Row 2 repeats the number 1.',
  },
  {
    claim: 'rows out of order',
    batch: {
      data: [
        [0, 'a'],
        [2, 'b'],
        [1, 'c'],
      ],
    },
    detail: 'Row 1 has the number 2: numbers ascend from 0 by 1.',
  },
  {
    claim: 'numbers from 1',
    batch: { data: [[1, 'a']] },
    detail: 'Row 0 has the number 1: numbers ascend from 0 by 1.',
  },
  {
    claim: 'a number below 0',
    batch: { data: [[-1, 'a']] },
    detail: 'Row 0 has the number -1: numbers ascend from 0 by 1.',
  },
  { claim: 'too few arguments', batch: { data: [[0]] }, detail: 'Row 0 has 0 arguments; the function takes (name).' },
  {
    claim: 'too many arguments',
    batch: { data: [[0, 'a', 'b']] },
    detail: 'Row 0 has 2 arguments; the function takes (name).',
  },
  {
    claim: 'an argument for a function of none',
    parameters: [],
    batch: { data: [[0, 'a']] },
    detail: 'Row 0 has 1 argument; the function takes ().',
  },
  {
    claim: 'rows of different length',
    parameters: ['name?'],
    batch: { data: [[0, 'a'], [1]] },
    detail: 'Row 1 has 0 arguments, the rows before it 1 argument.',
  },
]

for (const { claim, parameters = ['name'], batch, detail } of rejections) {
  test(`a batch with ${claim} is 400 ROWS_INVALID with the location`, () => {
    assert.throws(() => parseRows(batch, withParameters(...parameters)), { code: 'ROWS_INVALID', status: 400, detail })
  })
}

test('any batch is read unchanged or rejected with ROWS_INVALID, and no error quotes its data', () => {
  const planted = fc.oneof(fc.constant('planted'), fc.jsonValue())
  const rows = fc.oneof(fc.jsonValue(), fc.array(fc.oneof(planted, fc.tuple(fc.nat({ max: 3 }), planted))))
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ data: rows })), (batch) => {
      try {
        assert.equal(parseRows(batch, withParameters('name?')), Reflect.get(Object(batch), 'data'))
      } catch (error) {
        assert.ok(error instanceof ServiceError && error.code === 'ROWS_INVALID', String(error))
        assert.ok(!error.message.includes('planted'))
      }
    }),
    { numRuns: propertyRuns(2_000) },
  )
})
