using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.Threads;

namespace Threadkeep.Media;

/// <summary>Refusals of files.</summary>
internal static class MediaProblems
{
    /// <summary>Why a file is neither opened nor sent, by what the scanner said; null where it is.</summary>
    /// <param name="scan">Null: there was no scanner to ask.</param>
    /// <param name="scannerIsOn">There is one now: then what runs must have been scanned, whenever it came.</param>
    public static ProblemHttpResult? OfScan(FileScan? scan, StoredMedia file, bool scannerIsOn = false) =>
        !FileScans.IsClosed(scan, scannerIsOn, file.FileName, file.MimeType) ? null
        : scan == FileScan.Infected
            ? Problems.Of(
                422,
                "file_infected",
                "The scanner found something in this file.",
                "It is neither kept nor opened nor sent."
            )
        : Problems.Of(
            503,
            "file_not_scanned",
            "This file runs as a program, and the scanner has not called it clean.",
            "It is asked again by itself."
        );
}
