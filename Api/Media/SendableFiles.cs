using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;

namespace Threadkeep.Media;

/// <summary>The files that WhatsApp takes for one type of message (Cloud API, "Media types").</summary>
/// <param name="Type">The message's type; <c>voice</c> is audio that plays as a voice message.</param>
/// <param name="MaxBytes">Largest size, bytes.</param>
/// <param name="TakesCaption">Words may go with it.</param>
public sealed record SendableFiles(string Type, IReadOnlyList<string> MimeTypes, long MaxBytes, bool TakesCaption)
{
    private const long Kilobyte = 1024;
    private const long Megabyte = 1024 * Kilobyte;

    /// <summary>A sticker's side in pixels.</summary>
    private const int StickerSide = 512;
    private const long StillSticker = 100 * Kilobyte;

    private static readonly SendableFiles[] All =
    [
        new("image", ["image/jpeg", "image/png"], 5 * Megabyte, TakesCaption: true),
        new("video", ["video/mp4", "video/3gpp"], 16 * Megabyte, TakesCaption: true),
        new(
            "audio",
            ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
            16 * Megabyte,
            TakesCaption: false
        ),
        new("sticker", ["image/webp"], 500 * Kilobyte, TakesCaption: false),
        new(
            "document",
            [
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.ms-excel",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            ],
            100 * Megabyte,
            TakesCaption: true
        ),
        new("voice", ["audio/ogg"], 16 * Megabyte, TakesCaption: false),
    ];

    /// <summary>Largest file of any type.</summary>
    public static long LargestOfAll => All.Max(a => a.MaxBytes);

    /// <summary>Null where no message of this type carries a file.</summary>
    public static SendableFiles? Of(string type) => Array.Find(All, a => a.Type == type);

    /// <summary>By what a file is: the type that it is sent as where nobody says.</summary>
    public static SendableFiles? ByContent(string mimeType) => Array.Find(All, a => a.MimeTypes.Contains(mimeType));

    /// <summary>Why a file may not be sent as this type; null where it may.</summary>
    /// <param name="facts">What it is; null: nothing that is known here.</param>
    public ProblemHttpResult? Refuse(FileFacts? facts, long size)
    {
        if (facts is null || !MimeTypes.Contains(facts.MimeType))
            return WrongType();
        if (size > (Type == "sticker" && !facts.Animated ? StillSticker : MaxBytes))
            return TooLarge(Type == "sticker" && !facts.Animated ? StillSticker : MaxBytes);
        if (Type == "sticker" && (facts.Width, facts.Height) != (StickerSide, StickerSide))
            return Problems.Of(
                422,
                "sticker_wrong_size",
                $"A sticker is {StickerSide} by {StickerSide} pixels.",
                more: [("width", facts.Width), ("height", facts.Height)]
            );
        // Ogg without Opus, or in stereo, is refused by Meta, voice message or not.
        if (facts is { MimeType: "audio/ogg", OpusChannels: not 1 })
            return Problems.Of(422, "audio_not_mono_opus", "Sound in Ogg must be Opus with one channel.");
        // What could not be read is left to Meta.
        if (Type == "video" && facts.Codecs.FirstOrDefault(c => !IsPlayable(c)) is { } codec)
            return Problems.Of(
                415,
                "media_codec_not_allowed",
                "WhatsApp plays films in H.264 with AAC sound only.",
                more: ("codec", codec)
            );
        return null;
    }

    /// <summary>The same where only type and size are kept: what was uploaded has been looked at.</summary>
    public ProblemHttpResult? Refuse(string mimeType, long size) =>
        !MimeTypes.Contains(mimeType) ? WrongType()
        : size > MaxBytes ? TooLarge(MaxBytes)
        : null;

    public ProblemHttpResult TooLarge(long maxBytes) =>
        Problems.Of(
            413,
            "media_too_large",
            $"WhatsApp takes at most {maxBytes / Kilobyte:N0} KB for {Type}.",
            more: [("maxBytes", maxBytes), ("as", Type)]
        );

    private ProblemHttpResult WrongType() =>
        Problems.Of(
            415,
            "media_type_not_allowed",
            $"WhatsApp does not take this file as {Type}.",
            "It takes " + string.Join(", ", MimeTypes) + ".",
            ("allowed", MimeTypes),
            ("as", Type)
        );

    // Tracks of neither film nor sound (titles, time codes) trouble nobody.
    private static bool IsPlayable(string codec) =>
        codec
            is not (
                "hvc1"
                or "hev1"
                or "vp08"
                or "vp09"
                or "av01"
                or "ap4h"
                or "apcn"
                or "Opus"
                or "ac-3"
                or "ec-3"
                or "fLaC"
            );
}
