using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("Tdam.Client")]
[assembly: AssemblyDescription("Client library of the treasury's online data exchange")]
[assembly: AssemblyVersion(Tdam.Client.TdamClient.Version + ".0")]
[assembly: AssemblyFileVersion(Tdam.Client.TdamClient.Version + ".0")]
[assembly: InternalsVisibleTo("Tdam.Client.Tests")]
