using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Xml;

namespace Tdam.Client
{
    /// <summary>
    /// Checks reports page by page: the first balance and the entries give the second balance, and the next page of the same report
    /// begins with it. Pages without balances (camt.054) pass.
    /// </summary>
    /// <example><code>
    /// var balances = new BalanceChain();
    /// balances.Add(File.OpenRead("1.xml"));
    /// balances.Add(File.OpenRead("2.xml"));
    /// Console.WriteLine(balances.Holds ? "in order" : string.Join(Environment.NewLine, balances.Faults));
    /// </code></example>
    public sealed class BalanceChain
    {
        private readonly List<string> faults = new List<string>();
        private string report;
        private decimal? last;
        private int pages;

        /// <summary>Whether everything that was added is in order.</summary>
        public bool Holds => faults.Count == 0;

        /// <summary>What is wrong, with the number of the page.</summary>
        public IReadOnlyList<string> Faults => faults;

        /// <summary>How many pages with balances were checked.</summary>
        public int PagesChecked { get; private set; }

        /// <summary>Takes the next page, a camt.052 or camt.054.</summary>
        /// <param name="page">The message; it is read to its end and stays open.</param>
        /// <exception cref="TdamException"><see cref="ErrorKind.Unexpected"/>: it is no such message.</exception>
        /// <example><code>balances.Add(File.OpenRead("1.xml"));</code></example>
        public void Add(Stream page)
        {
            pages++;
            PageSums sums;
            try
            {
                sums = PageSums.Read(page);
            }
            catch (Exception error) when (error is XmlException || error is FormatException || error is OverflowException)
            {
                throw TdamException.Unexpected(Text("page {0} is no account report: {1}", pages, error.Message), error);
            }
            if (sums.First == null || sums.Last == null)
            {
                last = null;
                report = null;
                return;
            }
            PagesChecked++;
            decimal expected = sums.First.Value + sums.Entries;
            if (expected != sums.Last.Value)
            {
                faults.Add(Text("page {0}: the first balance and the entries give {1}, and its last balance is {2}", pages, expected, sums.Last));
            }
            if (report == sums.Report && last != null && last != sums.First)
            {
                faults.Add(Text("page {0}: it begins with {1}, and the page before ended with {2}", pages, sums.First, last));
            }
            report = sums.Report;
            last = sums.Last;
        }

        private static string Text(string format, params object[] values) => string.Format(CultureInfo.InvariantCulture, format, values);

        /// <summary>The balances and entries of one page; nothing else of it is kept.</summary>
        private sealed class PageSums
        {
            private decimal amount;
            private bool isDebit;

            internal string Report { get; private set; }

            internal decimal? First { get; private set; }

            internal decimal? Last { get; private set; }

            internal decimal Entries { get; private set; }

            internal static PageSums Read(Stream page)
            {
                var sums = new PageSums();
                var path = new List<string>();
                using (XmlReader reader = XmlReader.Create(page, Answer.SafeXml()))
                {
                    while (reader.Read())
                    {
                        if (reader.NodeType == XmlNodeType.Element)
                        {
                            path.Add(reader.LocalName);
                            if (reader.IsEmptyElement) { path.RemoveAt(path.Count - 1); }
                        }
                        else if (reader.NodeType == XmlNodeType.EndElement)
                        {
                            sums.End(path);
                            path.RemoveAt(path.Count - 1);
                        }
                        else if (reader.NodeType == XmlNodeType.Text)
                        {
                            sums.Text(path, reader.Value);
                        }
                    }
                }
                return sums;
            }

            /// <summary>Below the root and its one child stand the header and the reports, below these balances and entries.</summary>
            private void Text(List<string> path, string text)
            {
                if (path.Count == 4 && path[2] == "GrpHdr" && path[3] == "MsgId") { Report = text; }
                if (path.Count != 5 || (path[3] != "Bal" && path[3] != "Ntry")) { return; }
                if (path[4] == "Amt") { amount = decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture); }
                if (path[4] == "CdtDbtInd") { isDebit = text == "DBIT"; }
            }

            private void End(List<string> path)
            {
                if (path.Count != 4) { return; }
                decimal signed = isDebit ? -amount : amount;
                if (path[3] == "Bal")
                {
                    First = First ?? signed;
                    Last = signed;
                }
                if (path[3] == "Ntry") { Entries += signed; }
            }
        }
    }
}
