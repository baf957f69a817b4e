using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tdam.Client
{
    /// <summary>
    /// Files that only this program's user may read. On Unix <c>mkstemp</c> makes them with mode 0600 from the first moment on; the
    /// target framework has no call for that. On Windows they have the rights of their folder, so the folder must be the user's own.
    /// </summary>
    internal static class SecretFile
    {
        private const string Prefix = ".tdam-";

        /// <summary>An empty file with a name of its own in the folder, open for writing.</summary>
        internal static FileStream CreateTemporary(string folder, out string path)
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            {
                path = Path.Combine(folder, Prefix + Guid.NewGuid().ToString("N"));
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            }
            byte[] template = Encoding.UTF8.GetBytes(Path.Combine(folder, Prefix + "XXXXXX") + "\0");
            int file = MakeTemporary(template);
            if (file < 0)
            {
                int error = Marshal.GetLastWin32Error();
                throw new IOException("no file can be made in " + folder + ": " + new Win32Exception(error).Message);
            }
            path = Encoding.UTF8.GetString(template, 0, template.Length - 1);
            return new FileStream(new SafeFileHandle((IntPtr)file, true), FileAccess.Write);
        }

        /// <summary>Writes a file as a whole or not at all: beside its place, onto the disk, and then to its place by renaming.</summary>
        internal static void Write(string path, byte[] content)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path));
            string temporary = null;
            try
            {
                using (FileStream file = CreateTemporary(folder, out temporary))
                {
                    file.Write(content, 0, content.Length);
                    file.Flush(true);
                }
                Move(temporary, path);
            }
            catch
            {
                if (temporary != null) { Delete(temporary); }
                throw;
            }
        }

        /// <summary>Renames, over what stands there.</summary>
        internal static void Move(string from, string to)
        {
            if (File.Exists(to))
            {
                File.Replace(from, to, null);
            }
            else
            {
                File.Move(from, to);
            }
        }

        internal static void Delete(string path)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                // Another user took the folder away: nothing is left to do about a file that nobody else may read.
            }
        }

        [DllImport("libc", EntryPoint = "mkstemp", SetLastError = true)]
        private static extern int MakeTemporary([In, Out] byte[] template);
    }
}
