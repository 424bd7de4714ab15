import { parseRoute } from '../../local/host/route-template';

describe('a route template', () => {
  test.each([
    ['api/status', '/api/status', {}],
    ['api/status', '/API/Status/', {}],
    ['api/status', '/api/status/x', undefined],
    ['api/v1.0', '/api/v1x0', undefined],
    ['', '/', {}],
    ['api/{id}', '/api/', undefined],
    ['api/{id}', '/api/a%40b.com', { id: 'a@b.com' }],
    ['api/{id}', '/api/%E0%A4%A', { id: expect.stringContaining('%A') as unknown }],
    ['api/{id?}', '/api', {}],
    ['api/{a?}/{b?}', '/api/1/2', { a: '1', b: '2' }],
    ['api/{a?}/{b?}', '/api/1', { a: '1' }],
    ['api/{id:int}', '/api/-12', { id: '-12' }],
    ['api/{id:int}', '/api/12a', undefined],
    ['api/{id:int?}', '/api', {}],
    ['api/{id:bool}', '/api/TRUE', { id: 'TRUE' }],
    ['api/{id:bool}', '/api/truefalse', undefined],
    ['api/{id:guid}', '/api/0b4f7a52-3d5f-4a58-9a5e-0123456789ab', { id: '0b4f7a52-3d5f-4a58-9a5e-0123456789ab' }],
    ['api/{*rest}', '/api/a/b%20c', { rest: 'a/b c' }],
    ['api/{*rest}', '/api', {}],
  ])('%s and %s', (template, path, params) => {
    expect(parseRoute(template).match(path)).toEqual(params);
  });

  test('sorts literals before parameters, and what takes the rest last', () => {
    const sorted = ['a/{*rest}', 'a/{id}', 'a', 'a/b', 'a/{id:int}'].toSorted((one, other) =>
      parseRoute(one).precedence.localeCompare(parseRoute(other).precedence),
    );
    expect(sorted).toEqual(['a', 'a/b', 'a/{id:int}', 'a/{id}', 'a/{*rest}']);
  });

  test.each(['api/{id:range(1,2)}', 'api/{id:datetime}', 'api/v{version}', 'api/{id=5}', 'api/{}'])(
    'refuses %s, naming the segment',
    (template) => {
      expect(() => parseRoute(template)).toThrow(template.split('/')[1]);
    },
  );
});
