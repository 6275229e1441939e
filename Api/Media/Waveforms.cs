using Concentus;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Media;

/// <summary>How a sound looks: the loudest of each of its parts, the loudest of all being 255, and its length.</summary>
public sealed record Waveform(byte[] Peaks, float Seconds);

/// <summary>
/// Draws voice messages from their samples, each once, so that a browser need not fetch and decode every one that stands in a thread. Other
/// sounds, and long ones, are left to the browser.
/// </summary>
public sealed class Waveforms(IMediaStore store, MediaIndex index) : IDisposable
{
    private const int Bars = 40;
    private const long MostBytes = 2 * 1024 * 1024;

    // Some seconds of work.
    private const double MostSeconds = 300;

    // At lower rates Concentus 2.2.2 gives silence for packets of both codecs (hybrid).
    private const int Rate = 48_000;

    // A packet holds at most 120 ms (RFC 6716).
    private const int MostSamples = Rate * 120 / 1_000;

    // What is looked at at once: 10 ms.
    private const int PieceSamples = Rate / 100;

    private readonly SemaphoreSlim atWork = new(1);

    public void Dispose() => atWork.Dispose();

    /// <summary>Null where it cannot be drawn here.</summary>
    /// <exception cref="MediaStoreException">The store is out of reach.</exception>
    public async Task<Waveform?> OfAsync(AccountId account, StoredMedia media, CancellationToken cancellation)
    {
        if (media.MimeType != "audio/ogg" || media.Size > MostBytes)
            return null;
        if (await index.WaveformAsync(account, media.Sha256) is { } known)
            return Drawn(known);
        await atWork.WaitAsync(cancellation);
        try
        {
            if (await index.WaveformAsync(account, media.Sha256) is { } made)
                return Drawn(made);
            await using var file = await store.OpenAsync(account, media.Sha256, cancellation);
            if (file is null)
                return null;
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancellation);
            var drawn = Draw(bytes.ToArray());
            await index.DrawnAsync(account, media.Sha256, drawn?.Peaks ?? [], drawn?.Seconds ?? 0);
            return drawn;
        }
        finally
        {
            atWork.Release();
        }
    }

    /// <summary>Null for what is no Opus in Ogg, or broken, or too long.</summary>
    public static Waveform? Draw(byte[] file)
    {
        if (OggOpus.Read(file) is not { Seconds: > 0 and <= MostSeconds } sound)
            return null;
        // The library written in C#: nothing native is loaded for a stranger's bytes.
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        var decoder = OpusCodecFactory.CreateDecoder(Rate, 1);
        var samples = new short[MostSamples];
        var loudest = new List<int>(sound.Packets.Count);
        // What the file says of its length is a claim.
        var left = (int)(MostSeconds * Rate);
        try
        {
            foreach (var packet in sound.Packets)
            {
                var count = decoder.Decode(packet.Span, samples.AsSpan(), MostSamples, false);
                if ((left -= count) < 0)
                    return null;
                // Browsers put 60 ms and more into a packet: too few bars for a short message.
                for (var at = 0; at < count; at += PieceSamples)
                    loudest.Add(Loudest(samples.AsSpan(at, Math.Min(PieceSamples, count - at))));
            }
        }
        catch (Exception)
        {
            // Packets are strangers' bytes, and a decoder may fail at them in ways that it does not name.
            return null;
        }
        return loudest.Count == 0 ? null : new Waveform(Bar(loudest), (float)sound.Seconds);
    }

    private static Waveform? Drawn((byte[] Peaks, float Seconds) kept) =>
        kept.Peaks.Length == 0 ? null : new Waveform(kept.Peaks, kept.Seconds);

    private static int Loudest(ReadOnlySpan<short> samples)
    {
        var most = 0;
        foreach (var sample in samples)
            most = Math.Max(most, Math.Abs((int)sample));
        return most;
    }

    private static byte[] Bar(List<int> loudest)
    {
        var most = Math.Max(1, loudest.Max());
        var bars = new byte[Math.Min(Bars, loudest.Count)];
        for (var bar = 0; bar < bars.Length; bar++)
        {
            var (from, to) = (bar * loudest.Count / bars.Length, (bar + 1) * loudest.Count / bars.Length);
            bars[bar] = (byte)(loudest[from..to].Max() * 255 / most);
        }
        return bars;
    }
}
