namespace Tdam.Client
{
    internal static class RenewedFiles
    {
        internal static void Finish(Identity identity)
        {
        }
    }
}
