using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
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
            if (arguments.Length == 1 && arguments[0] == "--public")
            {
                foreach (string name in PublicNames()) { Console.WriteLine(name); }
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

        /// <summary>Public types and methods as the file of documentation names them.</summary>
        private static IEnumerable<string> PublicNames()
        {
            const BindingFlags Own = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
            foreach (Type type in typeof(TdamClient).Assembly.GetExportedTypes())
            {
                yield return "T:" + type.FullName;
                if (type.IsEnum) { continue; }
                foreach (ConstructorInfo one in type.GetConstructors(Own))
                {
                    // The ones without parameters are the compiler's.
                    if (one.GetParameters().Length > 0) { yield return "M:" + type.FullName + ".#ctor" + Parameters(one); }
                }
                foreach (MethodInfo one in type.GetMethods(Own))
                {
                    if (!one.IsSpecialName) { yield return "M:" + type.FullName + "." + one.Name + Parameters(one); }
                }
            }
        }

        private static string Parameters(MethodBase method)
        {
            string[] names = method.GetParameters().Select(one => DocumentationName(one.ParameterType)).ToArray();
            return names.Length == 0 ? "" : "(" + string.Join(",", names) + ")";
        }

        private static string DocumentationName(Type type)
        {
            return type.IsGenericType
                ? type.GetGenericTypeDefinition().FullName.Split('`')[0] + "{" + string.Join(",", type.GetGenericArguments().Select(DocumentationName)) + "}"
                : type.FullName;
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
