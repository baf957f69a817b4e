"""Makes programs of the snippets in the README of the .NET library, and compares it with its Latvian twin.

dotnet_snippets.py CLIENTS_DOTNET OUT FROM=TO ...

OUT/Program.cs is the block marked `program`. OUT/Snippets.cs has all other blocks one after the other in one method, and the block
marked `di` in a container of the framework. FROM=TO replaces what differs in a test: ports and identifications.
"""

import pathlib
import re
import sys

BLOCK = re.compile(r"^```csharp ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SNIPPETS = """
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Tdam.Client;

class Snippets
{
    static async Task Main()
    {
%s
        Inject();
    }

    static void Inject()
    {
        var services = new ServiceCollection();
%s
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            if (provider.GetRequiredService<TdamClient>() != provider.GetRequiredService<TdamClient>()) { throw new InvalidOperationException("two clients"); }
        }
    }
}
"""


def main() -> None:
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    text = (folder / "README.md").read_text(encoding="utf-8")
    twin = (folder / "README.lv.md").read_text(encoding="utf-8")
    if ANY_BLOCK.findall(text) != ANY_BLOCK.findall(twin):
        for one, other in zip(ANY_BLOCK.findall(text), ANY_BLOCK.findall(twin)):
            if one != other:
                sys.exit(f"README.md and README.lv.md have different blocks:\n{one[1]}\n{other[1]}")
        sys.exit("README.md and README.lv.md have different numbers of blocks")
    if len(re.findall("^#", text, re.MULTILINE)) != len(re.findall("^#", twin, re.MULTILINE)):
        sys.exit("README.md and README.lv.md have different headings")
    blocks = BLOCK.findall(text)
    for pair in sys.argv[3:]:
        before, after = pair.split("=", 1)
        blocks = [(kind, code.replace(before, after)) for kind, code in blocks]
    kinds = {kind: code for kind, code in blocks if kind}
    if set(kinds) != {"program", "di"}:
        sys.exit(f"README.md has blocks of the kinds {sorted(kinds)}")
    out.mkdir()
    (out / "Program.cs").write_text(kinds["program"], encoding="utf-8")
    body = "\n".join(code for kind, code in blocks if not kind)
    (out / "Snippets.cs").write_text(SNIPPETS % (body, kinds["di"]), encoding="utf-8")


main()
