// Reads a list of KQL queries as JSON from standard input and prints the faults of each. A file of its own: the language service sets globals.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const load = createRequire(import.meta.url);
load('@kusto/language-service-next/bridge.min.js');
load('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { Symbols, GlobalState, KustoCode } = globalThis.Kusto.Language;

/** The tables of Application Insights that are asked, with their columns: https://learn.microsoft.com/azure/azure-monitor/reference/tables-index */
const TABLES = {
  customEvents: '(timestamp: datetime, name: string, customDimensions: dynamic)',
  availabilityResults:
    '(timestamp: datetime, id: string, name: string, success: string, duration: real, message: string, location: string)',
};
const tables = Object.entries(TABLES).map(([name, columns]) => Symbols.TableSymbol.From(columns).WithName(name));
const state = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('component', tables));

const queries = JSON.parse(await text(process.stdin));
const faults = queries.map((query) => {
  const found = KustoCode.ParseAndAnalyze(query, state).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, i) => found.getItem(i).Message);
});
console.log(JSON.stringify(faults));
