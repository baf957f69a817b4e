using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    /// <summary>A body on its way: of known length, in pieces, and with a note of each piece that moved.</summary>
    internal sealed class UploadContent : HttpContent
    {
        private readonly Body.Source body;
        private readonly Activity activity;
        private readonly CancellationToken cancellation;

        internal UploadContent(Body.Source body, Activity activity, CancellationToken cancellation)
        {
            this.body = body;
            this.activity = activity;
            this.cancellation = cancellation;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext context)
        {
            activity.Touch();
            return body.CopyToAsync(stream, _ => activity.Touch(), cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
