import type { HttpAnswer } from '../loopback-http';

const ODATA_EXCEPTION = 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException';
const TASKS = 'Microsoft.Exchange.Configuration.Tasks';

/** Thrown where Exchange ran a cmdlet, or would not, and answers with the envelope of its errors. */
export class CmdletError extends Error {
  override readonly name = 'CmdletError';

  constructor(
    readonly status: 400 | 404,
    /** .NET type of the exception. */
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export function objectNotFound(identity: string): CmdletError {
  return new CmdletError(
    404,
    `${TASKS}.ManagementObjectNotFoundException`,
    `The operation couldn't be performed because object '${identity}' couldn't be found on 'CONTOSODC01.contoso.onmicrosoft.com'.`,
  );
}

export function invalidOperation(message: string): CmdletError {
  return new CmdletError(400, 'System.Management.Automation.ParameterBindingException', message);
}

/** As recorded in public: the cmdlet's own words stand in `details` and in `internalexception`. */
export function errorAnswer({ status, type, message }: CmdletError): HttpAnswer {
  const said = status === 404 ? 'Error executing cmdlet' : 'Invalid Operation';
  return {
    status,
    body: {
      error: {
        code: status === 404 ? 'NotFound' : 'BadRequest',
        message: said,
        details: [{ code: 'Context', target: '', message: `Ex6F9304|${type}|${message}` }],
        innererror: {
          message: said,
          type: ODATA_EXCEPTION,
          stacktrace: '',
          internalexception: { message, type, stacktrace: '' },
        },
        'adminapi.warnings@odata.type': '#Collection(String)',
        '@adminapi.warnings': [],
      },
    },
  };
}

/** For whoever asks without Exchange.ManageAsApp, or with no token at all. `asked`: the cmdlet, or what else was asked for. */
export function unauthorized(asked: string): HttpAnswer {
  const message = `Unauthorized: ${asked} is not allowed with this token.`;
  const innererror = { message, type: ODATA_EXCEPTION, stacktrace: '' };
  return { status: 401, body: { error: { code: 'Unauthorized', message, innererror } } };
}

/** For an app without a directory role, and for cmdlets that it may not run or that are none: no JSON, but NULs. */
export const FORBIDDEN: HttpAnswer = { status: 403, body: '\0'.repeat(4096) };
