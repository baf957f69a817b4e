using System;
using System.IO;
using System.Reflection;
using System.Threading.Tasks;

namespace Tdam.Client.Tests
{
    /// <summary>Marks a test: a method without parameters of a public class here.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class TestAttribute : Attribute
    {
    }

    /// <summary>Runs all tests, or those whose name contains the argument.</summary>
    internal static class Program
    {
        private static int Main(string[] arguments)
        {
            if (arguments.Length == 2 && arguments[0] == "--members")
            {
                foreach (string member in Members.UsedBy(arguments[1])) { Console.WriteLine(member); }
                return 0;
            }
            int passed = 0;
            int failed = 0;
            foreach (Type type in Assembly.GetExecutingAssembly().GetTypes())
            {
                foreach (MethodInfo test in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                {
                    string name = type.Name + "." + test.Name;
                    if (test.GetCustomAttribute<TestAttribute>() == null || (arguments.Length > 0 && !name.Contains(arguments[0]))) { continue; }
                    try
                    {
                        if (test.Invoke(null, null) is Task running) { running.GetAwaiter().GetResult(); }
                        passed++;
                    }
                    catch (Exception error)
                    {
                        failed++;
                        Console.WriteLine("FAILED " + name + ": " + ((error as TargetInvocationException)?.InnerException ?? error));
                    }
                }
            }
            Console.WriteLine(passed + " passed, " + failed + " failed");
            return failed > 0 || passed == 0 ? 1 : 0;
        }
    }

    /// <summary>What tests demand.</summary>
    internal static class Demand
    {
        internal static void Equal<T>(T expected, T found, string what = "")
        {
            if (!Equals(expected, found)) { throw new InvalidDataException(what + ": expected `" + expected + "`, found `" + found + "`"); }
        }

        internal static void Bytes(byte[] expected, byte[] found) => Equal(BitConverter.ToString(expected), BitConverter.ToString(found));

        internal static void True(bool holds, string what)
        {
            if (!holds) { throw new InvalidDataException(what); }
        }

        internal static TError Throws<TError>(Action action, string containing = "") where TError : Exception
        {
            try
            {
                action();
            }
            catch (TError error)
            {
                True(error.Message.Contains(containing), "the text `" + error.Message + "` lacks `" + containing + "`");
                return error;
            }
            throw new InvalidDataException("nothing was thrown");
        }
    }
}
