"""Makes a program of the examples in the documentation comments of the .NET library, so that the compiler reads each of them.

dotnet_examples.py TDAM_CLIENT_XML OUT.cs PUBLIC

PUBLIC has the public types and methods, one a line, by their names in the documentation (Tdam.Client.Tests.dll --public).

It fails when a public type, method or constructor has no example. Names that examples take from their surroundings are fields here.
"""

import pathlib
import sys
import xml.etree.ElementTree as tree

# Overrides, which need no example.
WITHOUT = ("Dispose", "ToString")

HEAD = """
using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Tdam.Client;

#pragma warning disable 0168, 0219, 0649, 1998

class Surroundings
{
    protected Account account; protected BalanceChain balances; protected Body body; protected BlockOverview block; protected byte[] message;
    protected CatalogueEntry entry; protected ClientOptions options; protected Document document; protected Enrollment enrollment;
    protected Finding finding; protected IEnumerable<string> names; protected MessageOverview overview; protected PaymentRefusal refusal;
    protected QuotaLeft left; protected Quotas quotas; protected ReasonText reason; protected Renewal renewal; protected ReportPage page;
    protected ReportPages pages; protected RequestSigner signer; protected SignatureCheck check; protected SignatureStep step;
    protected StatusCount count; protected Stream incoming; protected string code; protected Submission submission; protected TdamClient client;
    protected TdamClientFactory factory; protected TdamException error; protected Uri target; protected X509Certificate2 certificateWithKey;

    protected static ClientOptions SettingsOf(string name) => new ClientOptions { Url = "https://" + name };
}

class Examples : Surroundings
{
    static void Main()
    {
    }
"""


def main() -> None:
    members = tree.parse(sys.argv[1]).getroot().find("members")
    public = set(pathlib.Path(sys.argv[3]).read_text(encoding="utf-8").split())
    unknown = public - {member.get("name") for member in members}
    if unknown:
        sys.exit("not in the documentation: " + ", ".join(sorted(unknown)))
    program, without, examples = [HEAD], [], 0
    for member in members:
        name = member.get("name")
        codes = member.findall("example/code")
        last = name.split("(")[0].rpartition(".")[2]
        if not codes and name in public and last not in WITHOUT:
            without.append(name)
        if name not in public and not name.startswith(("P:", "F:")):
            continue
        for code in codes:
            examples += 1
            program.append(f"\n    // {name}\n    async Task Example{examples}()\n    {{\n{code.text}\n    }}\n")
    if without:
        sys.exit("without an example: " + ", ".join(without))
    program.append("}\n")
    pathlib.Path(sys.argv[2]).write_text("".join(program), encoding="utf-8")
    print(f"{examples} examples")


main()
