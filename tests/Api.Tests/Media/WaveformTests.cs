using System.Buffers.Binary;
using Concentus;
using Concentus.Enums;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Media;

namespace Threadkeep.Api.Tests.Media;

/// <summary>Voice messages are drawn from what is heard in them.</summary>
[Collection(nameof(RealTime))]
public sealed class WaveformTests(RealTime product)
{
    private const int Rate = 48_000;
    private const int Frame = Rate / 50;

    // A tone of some parts, each so many seconds long and so loud (0 to 1).
    private static byte[] Voice(params (double Seconds, double Loud)[] parts)
    {
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        var encoder = OpusCodecFactory.CreateEncoder(Rate, 1, OpusApplication.OPUS_APPLICATION_VOIP);
        var samples = parts
            .SelectMany(p => Enumerable.Repeat(p.Loud, (int)(p.Seconds * Rate)))
            .Select((loud, at) => (short)(loud * 20_000 * Math.Sin(at * 2 * Math.PI * 440 / Rate)))
            .ToArray();
        var packets = new List<byte[]>();
        for (var at = 0; at + Frame <= samples.Length; at += Frame)
        {
            var packet = new byte[1_275];
            packets.Add(packet[..encoder.Encode(samples.AsSpan(at, Frame), Frame, packet.AsSpan(), packet.Length)]);
        }
        byte[] head = [.. "OpusHead"u8, 1, 1, 0, 0, .. BitConverter.GetBytes(Rate), 0, 0, 0];
        byte[] tags = [.. "OpusTags"u8, .. new byte[8]];
        return
        [
            .. Page(0, head),
            .. Page(0, tags),
            .. packets.Chunk(50).SelectMany((some, page) => Page((page * 50 + some.Length) * Frame, some)),
        ];
    }

    private static byte[] Page(long granule, params byte[][] packets)
    {
        var lengths = packets.SelectMany(p =>
            Enumerable.Repeat((byte)255, p.Length / 255).Append((byte)(p.Length % 255))
        );
        byte[] segments = [.. lengths];
        var header = new byte[27];
        "OggS"u8.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(6), granule);
        header[26] = (byte)segments.Length;
        return [.. header, .. segments, .. packets.SelectMany(p => p)];
    }

    [Fact]
    public void Loud_and_quiet_parts_are_seen()
    {
        var drawn = Waveforms.Draw(Voice((1, 1), (1, 0), (2, 0.3))).ShouldNotBeNull();

        drawn.Seconds.ShouldBe(4, 0.1);
        drawn.Peaks.Length.ShouldBe(40);
        drawn.Peaks.Max().ShouldBe((byte)255);
        drawn.Peaks[1..9].ShouldAllBe(p => p > 150);
        drawn.Peaks[12..19].ShouldAllBe(p => p < 30);
        drawn.Peaks[22..39].ShouldAllBe(p => p > 40 && p < 130);
    }

    [Fact]
    public void What_cannot_be_heard_is_not_drawn()
    {
        var voice = Voice((1, 1));
        Waveforms.Draw([]).ShouldBeNull();
        Waveforms.Draw(MadeFiles.Opus()).ShouldBeNull();
        Waveforms.Draw(voice[..^10]).ShouldBeNull();
        // It is longer than is drawn, and says so; or it does not say so: the first byte of a packet alone is 60 ms of nothing.
        Waveforms.Draw([.. voice, .. Page(301L * Rate, [0])]).ShouldBeNull();
        var nothing = Page(2 * Rate, [.. Enumerable.Repeat((byte[])[0x18], 200)]);
        Waveforms.Draw([.. voice, .. Enumerable.Repeat(nothing, 30).SelectMany(p => p)]).ShouldBeNull();
    }

    [Fact]
    public void Bytes_that_are_not_what_they_were_do_no_harm()
    {
        var random = new Random(90);
        var voice = Voice((0.3, 1));
        for (var round = 0; round < 30; round++)
        {
            var broken = voice.ToArray();
            for (var flip = 0; flip < 20; flip++)
                broken[random.Next(100, broken.Length)] = (byte)random.Next(256);

            // Drawn or not, it comes to an end.
            (Waveforms.Draw(broken)?.Peaks.Length ?? 0).ShouldBeLessThanOrEqualTo(40);
        }
    }

    [Fact]
    public async Task The_player_gets_it_under_the_same_rules_as_the_file()
    {
        var office = await product.OfficeAsync();
        var other = await product.OfficeAsync();
        var id = await office.UploadAsync(Voice((1, 1), (1, 0.2 + Random.Shared.NextDouble() / 100)), "voice");

        foreach (var _ in new[] { "drawn", "kept" })
        {
            var wave = (await office.AskAsync($"media/{id}/waveform")).Body!;
            wave["seconds"]!.GetValue<double>().ShouldBe(2, 0.1);
            var peaks = wave["peaks"]!.AsArray().Select(p => p!.GetValue<double>()).ToArray();
            (peaks.Length, peaks.Max()).ShouldBe((40, 1.0));
            peaks[..18].ShouldAllBe(p => p > 0.5);
        }
        (await other.AskAsync($"media/{id}/waveform")).Status.ShouldBe(404);
        // What is not drawn is no error: the browser tries by itself.
        foreach (var file in new[] { MadeFiles.Opus(), MadeFiles.Mp3 })
        {
            var none = await office.AskAsync($"media/{await office.UploadAsync(file)}/waveform");
            (none.Status, none.Body!["peaks"]!.AsArray().Count).ShouldBe((200, 0));
        }
    }
}
