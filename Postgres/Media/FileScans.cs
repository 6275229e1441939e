using Threadkeep.Quarantine;

namespace Threadkeep.Media;

/// <summary>What may be opened, by what the scanner said.</summary>
public static class FileScans
{
    /// <summary>
    /// True for what is infected, always, and for what runs as long as a scanner that was asked has not called it clean. Everything else opens,
    /// with a mark where it was not scanned.
    /// </summary>
    /// <param name="scan">Null: there was no scanner to ask.</param>
    /// <param name="scannerIsOn">There is one now.</param>
    public static bool IsClosed(FileScan? scan, bool scannerIsOn, string? fileName, string? mimeType) =>
        scan == FileScan.Infected
        || scan != FileScan.Clean && (scannerIsOn || scan is not null) && ContentRules.IsExecutable(fileName, mimeType);
}
